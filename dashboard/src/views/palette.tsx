import { useEffect, useRef, useState } from "preact/hooks";
import { navigate } from "wouter-preact/use-browser-location";
import { account, signOut } from "../api/account";
import { type ListedProject, openProject, readProjects } from "../api/projects";
import { recentSessions } from "../api/session_list";
import { type Command, findCommands } from "../model/palette";
import { stateOf } from "../model/state";
import { nameOf } from "../model/story";
import { openDialog } from "../parts/dialogs";
import { savedViews } from "../parts/saved_views";
import { nextTheme } from "../parts/theme";

const MOST_SHOWN = 12;
const PAGES: readonly Command[] = [
  { label: "Sessions", hint: "page", href: "/" },
  { label: "Failed sessions", hint: "list", href: "/?end_state=Failure" },
  { label: "Running sessions", hint: "list", href: "/?end_state=Running" },
  { label: "Most expensive sessions", hint: "list", href: "/?sort=cost" },
  { label: "Overview", hint: "page", href: "/overview" },
  { label: "Compare two sessions", hint: "page", href: "/compare" },
  { label: "Settings", hint: "keys, prices, retention", href: "/settings" },
  { label: "Get started", hint: "page", href: "/start" },
  { label: "Theme", hint: "system, light or dark", run: nextTheme },
  { label: "Keys", hint: "all of them", run: () => (openDialog.value = "keys") },
  { label: "Sign out", hint: "", run: () => void signOut() },
];

/** Ctrl+K: anywhere by typing. */
export function Palette() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(0);
  const projects = useOtherProjects();
  useEffect(() => dialog.current?.showModal(), []);
  const found = findCommands([...commands(), ...projects], typed).slice(0, MOST_SHOWN);
  const close = () => {
    if (openDialog.value === "palette") openDialog.value = null;
  };
  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    close();
    if (command.href !== undefined) navigate(command.href);
    command.run?.();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      setChosen((chosen + by + found.length) % Math.max(found.length, 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(found[chosen]);
    }
  };
  return (
    <dialog
      ref={dialog}
      class="palette"
      aria-label="Go anywhere"
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found.length > 0 ? `command-${chosen}` : undefined}
        aria-label="Go to"
        placeholder="A page, a session, an id, words to search for"
        value={typed}
        autofocus
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id="palette-list" role="listbox" aria-label="Commands">
        {found.map((command, index) => (
          <li
            key={`${command.label} ${command.href ?? ""}`}
            id={`command-${index}`}
            role="option"
            aria-selected={index === chosen}
            onClick={() => run(command)}
            onPointerMove={() => setChosen(index)}
          >
            <span>{command.label}</span> <span class="dim">{command.hint}</span>
          </li>
        ))}
      </ul>
    </dialog>
  );
}

/** For whoever may see other projects than the one that shows. */
function useOtherProjects(): Command[] {
  const [found, setFound] = useState<Command[]>([]);
  const isOperator = account.value.state === "signed in" && account.value.isOperator;
  useEffect(() => {
    if (!isOperator) return;
    const asCommand = ({ id, name }: ListedProject) => ({
      label: name,
      hint: "open this project",
      run: () => void openProject(id).catch(() => undefined),
    });
    readProjects()
      .then(({ projects }) => setFound(projects.filter(({ is_own }) => !is_own).map(asCommand)))
      .catch(() => undefined); // they are in the settings, too, which say why they cannot be read
  }, [isOperator]);
  return found;
}

function commands(): Command[] {
  const views = savedViews.value.map(({ name, href }) => ({ label: name, hint: "saved view", href }));
  const sessions = recentSessions().map((session) => ({
    label: nameOf(session),
    hint: `${stateOf(session)} · ${session.session_id.slice(-6)}`,
    href: `/sessions/${session.session_id}`,
  }));
  return [...PAGES, ...views, ...sessions];
}
