/** The sign of AgentOps: three bars of a waterfall and the dot of one that runs. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" />
      <path d="M7 10h10M11 16h12M16 22h9" />
      <circle cx="8.5" cy="22" r="2.2" />
    </svg>
  );
}
