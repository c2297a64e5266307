import { Redirect, Route, Switch, useLocation, useSearch } from "wouter-preact";
import { account, loadAccount } from "./api/account";
import { Guard } from "./parts/guard";
import { openDialog } from "./parts/dialogs";
import { Failure, Notice } from "./parts/notice";
import { Shell } from "./parts/shell";
import { CompareView } from "./views/compare";
import { KeyHelp } from "./views/key_help";
import { OverviewView } from "./views/overview";
import { Palette } from "./views/palette";
import { SessionView } from "./views/session";
import { SessionsView } from "./views/sessions";
import { SettingsView } from "./views/settings";
import { SignInView } from "./views/sign_in";
import { StartView } from "./views/start";

/** Nothing but the way in shows before the server said who reads; the URL stays, so that a link leads on after it. */
export function App() {
  const now = account.value;
  const [path] = useLocation();
  if (now.state === "unknown") return null;
  if (now.state === "failed") {
    return (
      <main class="alone">
        <Failure isAlone error={now.error} retry={() => void loadAccount()} />
      </main>
    );
  }
  if (now.state === "signed out") return <SignInView hasExpired={now.hasExpired} />;
  return (
    <Shell dialog={<Dialogs />}>
      <Guard key={path}>
        <Switch>
          <Route path="/" component={SessionsView} />
          <Route path="/sessions">
            <Redirect to="/" replace />
          </Route>
          <Route path="/sessions/:id">{({ id }) => <SessionView key={id} id={id} />}</Route>
          <Route path="/overview" component={OverviewView} />
          <Route path="/compare" component={CompareView} />
          <Route path="/settings" component={SettingsView} />
          <Route path="/start" component={StartView} />
          <Route path="/drilldown" component={Drilldown} />
          <Route>
            <main>
              <Notice isAlone title="There is no such page">
                <a class="btn" href="/">
                  To the sessions
                </a>
              </Notice>
            </main>
          </Route>
        </Switch>
      </Guard>
    </Shell>
  );
}

function Dialogs() {
  if (openDialog.value === "palette") return <Palette />;
  return openDialog.value === "keys" ? <KeyHelp /> : null;
}

/** The URL that old SDKs print. */
function Drilldown() {
  const id = new URLSearchParams(useSearch()).get("session_id");
  return <Redirect to={id === null ? "/" : `/sessions/${id}`} replace />;
}
