import { createOpenAI } from "@ai-sdk/openai";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import * as ai from "ai";
import { z } from "zod";

const exporter = new OTLPTraceExporter({ url: `${process.env.OTLP_SINK}/v1/traces` });
const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
provider.register();
const openai = createOpenAI({ baseURL: `${process.env.SCRIPTED_MODELS}/v1`, apiKey: "none" });
const telemetry = { isEnabled: true, functionId: "clerk", metadata: { sessionId: "conversation 7" } };
const lookup_order = ai.tool({
  description: "Finds an order.",
  inputSchema: z.object({ order_id: z.string() }),
  execute: async () => "shipped on Monday",
});
const asked = {
  model: openai.chat("gpt-4o"),
  system: "You are terse.",
  prompt: "Where is order 1042?",
  tools: { lookup_order },
  stopWhen: ai.stepCountIs(3),
  maxRetries: 0,
  experimental_telemetry: telemetry,
};
await ai.generateText(asked);
const streamed = ai.streamText(asked);
for await (const _ of streamed.textStream);
await ai.generateText({ ...asked, model: openai.chat("refused"), tools: {} }).catch(() => {});
await provider.forceFlush();
await provider.shutdown();
