import { render } from "preact";
import { loadAccount } from "./api/account";
import { App } from "./app";
import { loadTheme } from "./parts/theme";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/sign_in.css";
import "./styles/sessions.css";
import "./styles/session.css";
import "./styles/waterfall.css";
import "./styles/replay.css";
import "./styles/panes.css";
import "./styles/event.css";

loadTheme();
void loadAccount();
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
