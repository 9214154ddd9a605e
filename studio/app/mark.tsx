/** The mark: one word looks at others, at one most. */
export function Mark({ size }: { readonly size: number }) {
  return (
    <svg viewBox="0 0 28 28" width={size} height={size} aria-hidden="true" className="mark">
      <g fill="none" strokeLinecap="round">
        <path d="M9 14C15 14 17 5 25 5" strokeWidth="1.6" />
        <path d="M9 14H25" strokeWidth="4.6" />
        <path d="M9 14C15 14 17 23 25 23" strokeWidth="2.6" />
      </g>
      <circle cx="8" cy="14" r="5.6" />
    </svg>
  );
}
