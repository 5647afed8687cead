// The suite's gRPC port with Google's own client for Node, from the proto files alone.
// Usage: node grpc-smoke.mjs HOST:PORT TOKEN (any role but delegation and reader sees the most)
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const [address, token] = process.argv.slice(2);
if (!address || !token) {
  console.error("usage: node grpc-smoke.mjs HOST:PORT TOKEN");
  process.exit(2);
}

const contracts = fileURLToPath(new URL("../../services/Contracts", import.meta.url));
const files = ["decisions", "votes", "reference"].map((name) => `externalaction/decisions/v1/${name}.proto`);
const { externalaction } = grpc.loadPackageDefinition(loader.loadSync(files, { includeDirs: [contracts], enums: String, longs: String, defaults: true }));
const { Decisions, ReferenceData, Votes } = externalaction.decisions.v1;
const credentials = grpc.credentials.createInsecure();
const metadata = new grpc.Metadata();
metadata.set("authorization", `Bearer ${token}`);

/** One unary call with a deadline: its reply and headers, or its error. */
const call = (client, method, request, headers = metadata) => new Promise((resolve, reject) => {
  let initial;
  client[method](request, headers, { deadline: Date.now() + 20_000 }, (error, reply) => (error ? reject(error) : resolve({ reply, headers: initial })))
    .on("metadata", (received) => { initial = received; });
});

// 1. A read, with the journal position it rests on.
const states = await call(new ReferenceData(address, credentials), "ListMemberStates", { date: "2025-06-01" });
assert.equal(states.reply.memberStates.length, 27);
assert.match(states.headers.get("ea-position")[0], /^\d+$/);

// 2. A computation.
const simulated = await call(new Votes(address, credentials), "SimulateVote", { rule: "UNANIMITY", date: "2025-06-01", votes: { HU: "AGAINST" } });
assert.equal(simulated.reply.outcome, "NOT_ADOPTED");

// 3. A refusal with its status and details.
const decisions = new Decisions(address, credentials);
await assert.rejects(call(decisions, "GetDecision", { id: "no-such-file" }), (error) => {
  assert.equal(error.code, grpc.status.NOT_FOUND);
  assert.ok(error.metadata.get("grpc-status-details-bin")[0].includes("DECISION_NOT_FOUND"));
  return true;
});

// 4. No token, bad token.
await assert.rejects(call(decisions, "ListDecisions", {}, new grpc.Metadata()), { code: grpc.status.UNAUTHENTICATED });
const forged = new grpc.Metadata();
forged.set("authorization", "Bearer x.y.z");
await assert.rejects(call(decisions, "ListDecisions", {}, forged), { code: grpc.status.UNAUTHENTICATED });

// 5. Open to everybody: the journal's signed head.
const head = await call(decisions, "GetJournalHead", {}, new grpc.Metadata());
assert.equal(head.reply.jws.split(".").length, 3);

console.log(`grpc-smoke: journal head at ${head.reply.position}`);
process.exit(0);
