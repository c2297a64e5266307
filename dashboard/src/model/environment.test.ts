import { expect, it } from "vitest";
import { glanceOf, groupsOf } from "./environment";

const host = {
  SDK: { "AgentOps SDK Version": "1.0.0", "Python Version": "3.11.9", "System Packages": { pip: "24.0" } },
  OS: { Hostname: "worker-3", OS: "Linux", "OS Release": "6.1.0" },
  CPU: { "Total cores": 8, "CPU Usage": "" },
  "Project Working Directory": { "Project Working Directory": "/srv/agent" },
  "Virtual Environment": null,
  Disk: {},
  Notes: ["a", 1, { b: 2 }],
};

it("makes one group per key, without empty ones, nested names joined", () => {
  expect(groupsOf(host).map((group) => group.name)).toEqual(["SDK", "OS", "CPU", "Project Working Directory", "Notes"]);
  expect(groupsOf(host)[0]?.facts).toContainEqual({ name: "System Packages · pip", value: "24.0" });
  expect(groupsOf(host)[3]?.facts).toEqual([{ name: "", value: "/srv/agent" }]);
  expect(groupsOf(host)[4]?.facts).toEqual([{ name: "", value: 'a, 1, {"b":2}' }]);
});

it("picks the facts a glance needs and leaves out what is not there", () => {
  expect(glanceOf(host)).toEqual([
    { name: "Host", value: "worker-3" },
    { name: "System", value: "Linux 6.1.0" },
    { name: "Python", value: "3.11.9" },
    { name: "SDK", value: "1.0.0" },
    { name: "CPU", value: "8 cores" },
    { name: "Directory", value: "/srv/agent" },
  ]);
  expect(glanceOf({})).toEqual([]);
});
