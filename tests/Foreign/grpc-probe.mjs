// The gateway's forwarding with Google's own client for Node, against the probe service of the gateway's tests: unary,
// deadline, cancellation, headers and trailers, three kinds of streaming. Usage: node grpc-probe.mjs HOST:PORT TOKEN
import assert from "node:assert/strict";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const [address, token] = process.argv.slice(2);
const root = (path) => fileURLToPath(new URL(path, import.meta.url));
const { externalaction } = grpc.loadPackageDefinition(loader.loadSync("Backend/probe.proto", { includeDirs: [root("../Gateway.Tests"), root("../../services/Contracts")], enums: String, longs: String, defaults: true }));
const probe = new externalaction.probe.v1.Probe(address, grpc.credentials.createInsecure());
const metadata = new grpc.Metadata();
metadata.set("authorization", `Bearer ${token}`);
const call = (method, request, options = {}) => new Promise((resolve, reject) => probe[method](request, metadata, options, (error, reply) => (error ? reject(error) : resolve(reply))));

const checks = {
  async "a message comes back as it was"() {
    const sent = { text: "Ελλάδα", int64: "9223372036854775807", colour: "YELLOW", inner: { text: "a" }, texts: ["b"] };
    const reply = await call("Echo", sent);
    assert.deepEqual([reply.text, reply.int64, reply.colour, reply.inner.text, reply.texts], [sent.text, sent.int64, sent.colour, "a", ["b"]]);
  },
  async "a deadline ends the call"() {
    await assert.rejects(call("Wait", { id: "node-deadline" }, { deadline: Date.now() + 300 }), { code: grpc.status.DEADLINE_EXCEEDED });
  },
  async "a cancelled call ends"() {
    const waiting = new Promise((resolve) => {
      const running = probe.Wait({ id: "node-cancel" }, metadata, (error) => resolve(error));
      setTimeout(() => running.cancel(), 200);
    });
    assert.equal((await waiting).code, grpc.status.CANCELLED);
  },
  async "a refusal has its details"() {
    await assert.rejects(call("Fail", { code: "INVALID_PAGE_TOKEN" }), (error) => error.code === grpc.status.INVALID_ARGUMENT && error.metadata.get("grpc-status-details-bin")[0].includes("INVALID_PAGE_TOKEN"));
  },
  async "a stream of replies comes in order"() {
    const positions = [];
    for await (const update of probe.Watch({ id: "n", count: 5 }, metadata)) positions.push(update.position);
    assert.deepEqual(positions, ["1", "2", "3", "4", "5"]);
  },
  async "a stream of requests is counted, with trailers"() {
    let trailers;
    const reply = await new Promise((resolve, reject) => {
      const upload = probe.Upload(metadata, (error, counted) => (error ? reject(error) : resolve(counted)));
      upload.on("status", (status) => { trailers = status.metadata; });
      for (let i = 0; i < 10; i++) upload.write({ title: "x".repeat(1000) });
      upload.end();
    });
    assert.equal(reply.imported, 10);
    await new Promise(setImmediate);
    assert.equal(trailers.get("probe-trailer")[0], "seen");
  },
  async "a conversation goes back and forth"() {
    const chat = probe.Chat(metadata);
    for (const word of ["one", "two"]) {
      chat.write({ title: word });
      assert.equal((await once(chat, "data"))[0].title, word.toUpperCase());
    }
    chat.end();
    await once(chat, "end");
  },
};

for (const [name, check] of Object.entries(checks)) {
  await check();
  console.log(`ok: ${name}`);
}
process.exit(0);
