/** The projects of the server, for whoever came by its link: all of them; for an API key, the one that it opens. */

import { fetchJson } from "./client";
import type * as shapes from "./shapes";

/** `is_own`: the page shows it; `is_fixed`: a setting of the server names it, so that it keeps its name. */
export type ListedProject = shapes.ListedProjectView;
export type Projects = shapes.ProjectsView;
export type NewProject = shapes.NewProjectView;

/** Throws ApiError, as the others do. */
export async function readProjects(signal?: AbortSignal): Promise<Projects> {
  return fetchJson<Projects>("/v2/projects", { signal });
}

export async function createProject(name: string): Promise<NewProject> {
  return fetchJson<NewProject>("/v2/projects", { method: "POST", body: { name } });
}

export async function renameProject(id: string, name: string): Promise<ListedProject> {
  return fetchJson<ListedProject>(`/v2/projects/${encodeURIComponent(id)}`, { method: "PUT", body: { name } });
}

/** Shows another project from now on. The page begins anew: nothing of the one before is left in it. */
export async function openProject(id: string): Promise<void> {
  await fetchJson("/auth/project", { method: "POST", body: { project_id: id } });
  location.assign("/");
}
