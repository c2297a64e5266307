/** Images in what was recorded: the forms that providers have for them, as addresses that a browser may show. */

import type { Json } from "../api/types";
import { isObject } from "./messages";

const MARKED = /^(?:data:[^,]*,)?agentops-object:([0-9a-f]{64}\.[a-z0-9]+):\d+$/;
const DATA = /^data:image\/(png|jpeg|gif|webp|avif)[;,]/;
const OURS = /^\/v2\/sessions\/[^/?#]+\/objects\/[^/?#]+$/;
const SHOWN = /\.(png|jpg|webp|gif)$/;

/** Where an image is that this server keeps or the text itself holds; null for one elsewhere, which is never loaded. */
export function imageSource(text: string, sessionId: string): string | null {
  const name = MARKED.exec(text)?.[1];
  if (name !== undefined) return SHOWN.test(name) ? `/v2/sessions/${sessionId}/objects/${name}` : null;
  if (OURS.test(text)) return text;
  return DATA.test(text) ? text : null;
}

/** The address, or the data, of a part of a message that is an image; null when it is none. */
export function imageText(part: Json): string | null {
  if (!isObject(part)) return null;
  const { image_url, source, inline_data, inlineData, type } = part;
  const nested = isObject(image_url) ? image_url.url : image_url;
  if (typeof nested === "string") return nested;
  for (const holder of [source, inline_data, inlineData, part]) {
    if (!isObject(holder)) continue;
    const media = holder.media_type ?? holder.mime_type ?? holder.mimeType;
    if (typeof holder.data === "string" && typeof media === "string" && media.startsWith("image/"))
      return `data:${media};base64,${holder.data}`;
    if ((type === "image" || type === "input_image") && typeof holder.url === "string") return holder.url;
  }
  return null;
}
