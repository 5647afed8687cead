// A Council vote through a client generated from the OpenAPI document: what compiles here and runs there is what the
// document promises. Usage: node build/rest-smoke.js BASE_URL SECRETARIAT_TOKEN DELEGATION_TOKEN (of any member state)
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/suite.js";

type Decision = components["schemas"]["decisions.Decision"];

const [base, secretariatToken, delegationToken] = process.argv.slice(2);
if (!base || !secretariatToken || !delegationToken) {
  console.error("usage: node build/rest-smoke.js BASE_URL SECRETARIAT_TOKEN DELEGATION_TOKEN");
  process.exit(2);
}

const as = (token: string) => createClient<paths>({ baseUrl: base, headers: { Authorization: `Bearer ${token}` } });
const secretariat = as(secretariatToken);
const delegation = as(delegationToken);
const memberState = JSON.parse(Buffer.from(delegationToken.split(".")[1]!, "base64url").toString()).member_state as string;
const key = () => ({ header: { "Idempotency-Key": randomUUID() } });

// 1. Reference data: twenty-seven member states, in numbers that JavaScript can read.
const states = await secretariat.GET("/v1/memberStates", { params: { query: { date: "2025-06-01" } } });
assert.equal(states.response.status, 200);
assert.equal(states.data!.memberStates.length, 27);

// 2. A file, opened for a meeting; the same key twice makes one file.
const once = key();
const draft = { title: "Generated client", documentNumber: "ST/1/2025/INIT", legalBasis: "TEU-31-1", initiative: "HIGH_REPRESENTATIVE" as const, procedure: "MEETING" as const, date: "2025-06-01" };
const created = await secretariat.POST("/v1/decisions", { params: once, body: draft });
assert.equal(created.response.status, 200, JSON.stringify(created.error));
const repeated = await secretariat.POST("/v1/decisions", { params: once, body: draft });
assert.equal(repeated.data!.id, created.data!.id);
const path = { id: created.data!.id };
for (const to of ["WORKING_PARTY", "PSC", "COREPER", "COUNCIL"] as const) {
  const advanced = await secretariat.POST("/v1/decisions/{id}:advance", { params: { path, ...key() }, body: { to } });
  assert.equal(advanced.response.status, 200, JSON.stringify(advanced.error));
}
const opened = await secretariat.POST("/v1/decisions/{id}:open", { params: { path, ...key() }, body: {} });
assert.equal(opened.response.status, 200, JSON.stringify(opened.error));

// 3. A vote with its receipt; the read that follows sees it.
const vote = await delegation.POST("/v1/decisions/{id}/votes", { params: { path, ...key() }, body: { memberState, position: "FOR" } });
assert.equal(vote.response.status, 200, JSON.stringify(vote.error));
assert.equal(vote.data!.receipt.split(".").length, 3);
const position = vote.response.headers.get("ea-position")!;
const read = await secretariat.GET("/v1/decisions/{id}", { params: { path, header: { "ea-min-position": position } } });
const decision: Decision = read.data!;
assert.deepEqual(decision.votes.map((v) => [v.memberState, v.position]), [[memberState, "FOR"]]);

// 4. A refusal is a typed problem.
const refused = await delegation.POST("/v1/decisions/{id}:close", { params: { path, ...key() }, body: {} });
assert.equal(refused.response.status, 403);
assert.equal(refused.error!.code, "ROLE_MISSING");

// 5. What-if: unanimity without one.
const simulated = await delegation.POST("/v1/votes:simulate", { body: { rule: "UNANIMITY", date: "2025-06-01", votes: { HU: "AGAINST" } } });
assert.equal(simulated.data!.outcome, "NOT_ADOPTED");

console.log(`rest-smoke: ${memberState} voted on ${path.id} at position ${position}`);
