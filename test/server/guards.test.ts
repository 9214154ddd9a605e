import { describe, expect, it } from "vitest";
import { isLoopback } from "../../src/server/guards.ts";
import { serveInference } from "./running.ts";
import { CHAT, ScriptedInference } from "./scripted-inference.ts";

const body = { text: "a" };
const OPEN = ["/", "/health", "/ready", "/openapi.json"];
const GUARDED = ["/v1/model", "/v1/models", "/metrics"];

describe("a token", () => {
  const token = "correct horse battery staple";

  it.each([
    [undefined],
    [""],
    ["Bearer"],
    ["Bearer "],
    ["Bearer correct horse battery"],
    ["Bearer correct horse battery staple2"],
    ["Bearer Correct horse battery staple"],
    [token],
    ["Basic Y29ycmVjdA=="],
  ])("is wanted; %j is not it", async (authorization) => {
    const { ask } = await serveInference(new ScriptedInference(), { token });
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    for (const path of GUARDED) expect((await ask(path, { headers })).status, path).toBe(401);
    for (const path of ["/v1/chat", "/v1/classify", "/v1/attention", "/v1/chat/completions", "/v1/translate"]) {
      const reply = await ask(path, { headers, body });
      expect(reply, path).toMatchObject({ status: 401, headers: { "www-authenticate": "Bearer" } });
      expect(reply.json.error).toEqual({
        type: "authentication_error",
        code: "unauthorized",
        message: "this server wants its token: send the header Authorization: Bearer TOKEN",
      });
    }
    for (const path of OPEN) expect((await ask(path, { headers })).status, path).toBe(200);
  });

  it("opens what it guards", async () => {
    const { ask } = await serveInference(new ScriptedInference(), { token });
    const headers = { authorization: `bearer ${token}` };
    for (const path of GUARDED) expect((await ask(path, { headers })).status, path).toBe(200);
    expect((await ask("/v1/chat", { headers, body })).json.answer).toBe("answer a");
  });
});

describe("a server of this machine only", () => {
  it.each(["127.0.0.1", "localhost", "LOCALHOST:80", "[::1]:8017", "127.0.0.1:1"])("may be called %s", async (host) => {
    const { ask } = await serveInference(new ScriptedInference());
    expect((await ask("/health", { headers: { host } })).status).toBe(200);
  });

  it.each(["rebound.example", "localhost.example", "127.0.0.1.example:8017", "192.168.0.1", "a b", "[::2]"])(
    "may not be called %j: a page elsewhere has had its name changed",
    async (host) => {
      const { ask } = await serveInference(new ScriptedInference());
      for (const path of [...OPEN, ...GUARDED, "/nothing"]) {
        expect(await ask(path, { headers: { host } }), path).toMatchObject({
          status: 403,
          json: { error: { code: "host_not_allowed" } },
        });
      }
      expect((await ask("/v1/chat", { headers: { host }, body })).status).toBe(403);
    },
  );

  it("may have any name where others reach it too", async () => {
    const { ask } = await serveInference(new ScriptedInference(), { host: "0.0.0.0", token: "secret" });
    expect((await ask("/health", { headers: { host: "models.example" } })).status).toBe(200);
  });

  it.each([
    ["127.0.0.1", true],
    ["127.8.8.8", true],
    ["localhost", true],
    ["::1", true],
    ["0.0.0.0", false],
    ["::", false],
    ["192.168.0.1", false],
    ["models.example", false],
  ])("%s: %j", (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});

describe("pages of other origins", () => {
  const origin = "https://site.example";
  const preflight = {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": "content-type",
  };

  it("may not ask, and read nothing", async () => {
    const { ask } = await serveInference(new ScriptedInference());
    const refused = await ask("/v1/chat", { body, headers: { origin } });
    expect(refused).toMatchObject({ status: 403, json: { error: { code: "origin_not_allowed" } } });
    const asked = [refused, await ask("/v1/model", { headers: { origin } })];
    asked.push(await ask("/v1/chat", { method: "OPTIONS", headers: preflight }));
    for (const { headers } of asked) expect(headers).not.toHaveProperty("access-control-allow-origin");
    // What a form of a page can send is not read.
    const form = { origin: "null", "content-type": "text/plain" };
    expect((await ask("/v1/chat", { body: JSON.stringify(body), headers: form })).status).toBe(403);
  });

  it("may ask where they were named, and no others", async () => {
    const { ask } = await serveInference(new ScriptedInference(), { origins: [origin], token: "secret" });
    const allowed = await ask("/v1/chat", { method: "OPTIONS", headers: preflight });
    expect(allowed).toMatchObject({ status: 204, headers: { "access-control-allow-origin": origin } });
    expect(allowed.headers["access-control-allow-methods"]).toContain("POST");
    const headers = { origin, authorization: "Bearer secret" };
    const asked = await ask("/v1/chat", { body, headers });
    expect(asked).toMatchObject({ status: 200, headers: { "access-control-allow-origin": origin } });
    const other = await ask("/v1/chat", { body, headers: { ...headers, origin: "https://other.example" } });
    expect(other.status).toBe(403);
    expect(other.headers["access-control-allow-origin"]).not.toBe("https://other.example");
  });

  it("may all ask where that was said", async () => {
    const { ask } = await serveInference(new ScriptedInference(), { origins: ["*"] });
    const asked = await ask("/v1/chat", { body, headers: { origin } });
    expect(asked).toMatchObject({ status: 200, headers: { "access-control-allow-origin": "*" } });
  });

  it("may be the server's own", async () => {
    const { ask, url } = await serveInference(new ScriptedInference());
    expect((await ask("/v1/chat", { body, headers: { origin: url } })).status).toBe(200);
  });
});

describe("every answer", () => {
  it("lets browsers run, frame and guess nothing", async () => {
    const { ask } = await serveInference(new ScriptedInference());
    const replies = [await ask("/"), await ask("/v1/chat", { body }), await ask("/nothing"), await ask("/v1/chat")];
    replies.push(await ask("/v1/chat", { body: { ...body, stream: true } }));
    replies.push(await ask("/health", { headers: { host: "rebound.example" } }));
    for (const { headers } of replies) {
      expect(headers).toMatchObject({
        "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
      });
      expect(headers).not.toHaveProperty("x-powered-by");
    }
  });
});

describe("readiness", () => {
  it("follows the model, and the end of the server", async () => {
    const inference = new ScriptedInference();
    inference.model = undefined;
    const { ask, serving } = await serveInference(inference);
    expect(await ask("/ready")).toMatchObject({ status: 503, json: { error: { code: "loading" } } });
    expect(await ask("/v1/chat", { body })).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
    expect((await ask("/health")).status).toBe(200);
    inference.model = CHAT;
    expect(await ask("/ready")).toMatchObject({ status: 200, json: { status: "ready" } });
    serving.draining = true;
    expect(await ask("/ready")).toMatchObject({ status: 503, json: { error: { code: "draining" } } });
    expect(await ask("/v1/chat", { body })).toMatchObject({ status: 503, json: { error: { code: "draining" } } });
    expect((await ask("/health")).status).toBe(200);
  });
});

describe("the page", () => {
  it("is at /, and another can be given", async () => {
    const { ask } = await serveInference(new ScriptedInference());
    const { text, headers } = await ask("/");
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(text).toContain('href="/openapi.json"');
    const files: Record<string, string> = { "/": "<p>", "/script.js": "1" };
    const other = await serveInference(new ScriptedInference(), {
      page: (path) => (Object.hasOwn(files, path) ? { type: "text/plain", content: files[path] } : undefined),
    });
    expect((await other.ask("/script.js?version=2")).text).toBe("1");
    expect((await other.ask("/constructor")).status).toBe(404);
    expect((await other.ask("/script.js", { method: "POST", body })).status).toBe(404);
  });
});
