/** The mark: one word looks at others, at one most. */
export function Brand() {
  return (
    <a className="brand" href="#talk" aria-label="주목 jumok">
      <svg viewBox="0 0 28 28" width="28" height="28" aria-hidden="true">
        <g fill="none" strokeLinecap="round">
          <path d="M9 14C15 14 17 5 25 5" strokeWidth="1.6" />
          <path d="M9 14H25" strokeWidth="4.6" />
          <path d="M9 14C15 14 17 23 25 23" strokeWidth="2.6" />
        </g>
        <circle cx="8" cy="14" r="5.6" />
      </svg>
      <b lang="ko">주목</b>
    </a>
  );
}
