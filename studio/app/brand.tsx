import { Mark } from "./mark.tsx";

/** The name, which leads to where the page begins. */
export function Brand() {
  return (
    <a className="brand" href="#talk" aria-label="주목 jumok">
      <Mark size={28} />
      <b lang="ko">주목</b>
    </a>
  );
}
