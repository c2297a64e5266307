import { useMemo } from "preact/hooks";
import { NO_FILTER } from "../model/event_filter";
import { formatDuration } from "../model/duration";
import { type CallGraph, type GraphEdge, type GraphNode, agentIdOf, graphOf } from "../model/graph";
import { NODE, type Placed, type PlacedNode, placeGraph } from "../model/graph_layout";
import { formatMoney, isZero } from "../model/money";
import { formatCount } from "../model/story";
import { Notice } from "../parts/notice";
import { Pending } from "./pending";
import type { Scope } from "./scope";

const MARGIN_PX = 12;
const GLYPHS = { agent: "◆", tool: "T", llm: "L" } as const;

/** Agents, the tools and models they used, and who handed over to whom; a node leads to its events. */
export function CallGraphView({ scope }: { scope: Scope }) {
  const { events, session, go } = scope;
  const graph = useMemo(() => graphOf(events, session.agents ?? []), [events, session.agents]);
  const placed = useMemo(() => placeGraph(graph), [graph]);
  if (graph.nodes.length === 0 && !scope.areLoaded) return <Pending />;
  if (graph.nodes.length === 0) return <Notice title="No events">{<p>There is nothing to draw yet.</p>}</Notice>;
  const open = (node: GraphNode) =>
    go({
      tab: "waterfall",
      filter:
        node.kind === "agent"
          ? { ...NO_FILTER, agentId: agentIdOf(node) }
          : { ...NO_FILTER, kinds: [node.kind], text: node.name },
    });
  const widthPx = placed.widthPx + 2 * MARGIN_PX;
  const heightPx = placed.heightPx + 2 * MARGIN_PX;
  return (
    <div class="pane graph" tabIndex={0} role="region" aria-label="Graph of agents, tools and models">
      <svg
        viewBox={`${-MARGIN_PX} ${-MARGIN_PX} ${widthPx} ${heightPx}`}
        style={{ width: `${widthPx}px`, height: `${heightPx}px` }}
        data-testid="graph"
      >
        <Edges graph={graph} placed={placed} />
        {placed.nodes.map((one) => (
          <Node key={one.node.id} placed={one} open={() => open(one.node)} />
        ))}
      </svg>
    </div>
  );
}

function Edges({ graph, placed }: { graph: CallGraph; placed: Placed }) {
  const at = new Map(placed.nodes.map((one) => [one.node.id, one]));
  const most = Math.max(1, ...graph.edges.map((edge) => edge.calls));
  return (
    <g aria-hidden="true">
      {graph.edges.map((edge) => {
        const [from, to] = [at.get(edge.from), at.get(edge.to)];
        return from && to && <Edge key={`${edge.from} ${edge.to}`} edge={edge} from={from} to={to} most={most} />;
      })}
    </g>
  );
}

function Edge({ edge, from, to, most }: { edge: GraphEdge; from: PlacedNode; to: PlacedNode; most: number }) {
  const [x1, y1] = [from.x + NODE.widthPx, from.y + NODE.heightPx / 2];
  const [x2, y2] = [to.x, to.y + NODE.heightPx / 2];
  const bend = Math.max(Math.abs(x2 - x1) / 2, 30);
  const width = 1 + 3 * Math.sqrt(edge.calls / most);
  return (
    <>
      <path
        class={edge.errors > 0 ? "edge bad" : "edge"}
        d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`}
        stroke-width={width}
      />
      <text class="edge-count" x={x2 - 8} y={y2 - 6}>
        {formatCount(edge.calls)}
      </text>
    </>
  );
}

function Node({ placed: { node, x, y }, open }: { placed: PlacedNode; open: () => void }) {
  const facts = factsOf(node);
  return (
    <g
      class={`graph-node ${node.kind}`}
      transform={`translate(${x} ${y})`}
      role="button"
      tabIndex={0}
      data-name={node.name}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        open();
      }}
    >
      <title>{`${node.name}: ${facts}`}</title>
      <rect width={NODE.widthPx} height={NODE.heightPx} rx="7" />
      <text class="glyph-text" x="12" y="19" aria-hidden="true">
        {GLYPHS[node.kind]}
      </text>
      <text class="node-name" x="28" y="19">
        {node.name.length > 22 ? `${node.name.slice(0, 21)}…` : node.name}
      </text>
      <text class="node-facts" x="28" y="36">
        {facts.length > 30 ? `${facts.slice(0, 29)}…` : facts}
      </text>
    </g>
  );
}

function factsOf(node: GraphNode): string {
  const parts: string[] = [];
  if (node.errors > 0) parts.push(`${formatCount(node.errors)} ${node.errors === 1 ? "error" : "errors"}`);
  if (node.kind !== "agent")
    parts.push(`${formatCount(node.calls)} ${node.calls === 1 ? "call" : "calls"}`, formatDuration(node.durationMs));
  if (!isZero(node.cost)) parts.push(formatMoney(node.cost));
  return parts.length === 0 ? "agent" : parts.join(" · ");
}
