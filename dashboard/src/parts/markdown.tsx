import { type Token, type Tokens, lexer } from "marked";
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";

const LONGEST_CHARACTERS = 50_000;
const SAFE_LINK = /^(https?:|mailto:|#|\/(?!\/))/i;

/**
 * Text as Markdown. The tokens become elements one by one, so that nothing in the text can be markup of the page: HTML shows
 * as what it is, and images elsewhere are links, because the page loads nothing from anywhere else.
 */
export function Markdown({ text }: { text: string }) {
  const tokens = useMemo(() => (text.length > LONGEST_CHARACTERS ? null : lexer(text)), [text]);
  if (tokens === null) return <pre class="text">{text}</pre>;
  return <div class="markdown">{tokens.map(block)}</div>;
}

function block(token: Token, key: number): ComponentChildren {
  switch (token.type) {
    case "heading":
      return (
        <p key={key} class="heading">
          {inlines(token.tokens)}
        </p>
      );
    case "paragraph":
      return <p key={key}>{inlines(token.tokens)}</p>;
    case "code":
      return (
        <pre key={key} tabIndex={0} role="group" aria-label="Code">
          {(token as Tokens.Code).text}
        </pre>
      );
    case "blockquote":
      return <blockquote key={key}>{(token.tokens ?? []).map(block)}</blockquote>;
    case "list":
      return <List key={key} list={token as Tokens.List} />;
    case "table":
      return <Table key={key} table={token as Tokens.Table} />;
    case "hr":
      return <hr key={key} />;
    case "space":
    case "def":
      return null;
    case "text":
      return token.tokens === undefined ? lines(token.raw) : <p key={key}>{inlines(token.tokens)}</p>;
    default:
      return (
        <p key={key} class="plain">
          {token.raw}
        </p>
      );
  }
}

function List({ list }: { list: Tokens.List }) {
  const items = list.items.map((item, key) => (
    <li key={key}>
      {item.task && <span aria-hidden="true">{item.checked === true ? "☑ " : "☐ "}</span>}
      {item.tokens.map((token, index) =>
        token.type === "text" ? inlines(token.tokens ?? [token]) : block(token, index),
      )}
    </li>
  ));
  return list.ordered ? <ol start={Number(list.start) || 1}>{items}</ol> : <ul>{items}</ul>;
}

function Table({ table }: { table: Tokens.Table }) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Table">
      <table>
        <thead>
          <tr>
            {table.header.map((cell, key) => (
              <th key={key}>{inlines(cell.tokens)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, key) => (
            <tr key={key}>
              {row.map((cell, index) => (
                <td key={index}>{inlines(cell.tokens)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inlines(tokens: Token[] | undefined): ComponentChildren {
  return (tokens ?? []).map(inline);
}

function inline(token: Token, key: number): ComponentChildren {
  switch (token.type) {
    case "strong":
      return <b key={key}>{inlines(token.tokens)}</b>;
    case "em":
      return <em key={key}>{inlines(token.tokens)}</em>;
    case "del":
      return <del key={key}>{inlines(token.tokens)}</del>;
    case "codespan":
      return <code key={key}>{(token as Tokens.Codespan).text}</code>;
    case "br":
      return <br key={key} />;
    case "escape":
      return (token as Tokens.Escape).text;
    case "link":
    case "image":
      return <Leading key={key} token={token as Tokens.Link} />;
    case "text":
      return token.tokens === undefined ? lines((token as Tokens.Text).text) : inlines(token.tokens);
    default:
      return token.raw;
  }
}

/** A single line break is one: models write for chats, where it is. */
function lines(text: string): ComponentChildren {
  return text.split("\n").flatMap((line, index) => (index === 0 ? [line] : [<br key={index} />, line]));
}

function Leading({ token: { href, text } }: { token: Tokens.Link }) {
  if (!SAFE_LINK.test(href)) return <>{text}</>;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {text === "" ? href : text}
    </a>
  );
}
