// Drives @microsoft/microsoft-graph-client by lines of JSON: {"do": name, ...} -> {...}.
import { createInterface } from "node:readline";
import {
  BatchRequestContent,
  BatchResponseContent,
  Client,
  PageIterator,
} from "@microsoft/microsoft-graph-client";

const [base, token] = process.argv.slice(2);
const client = Client.init({
  baseUrl: `${base}/`,
  customHosts: new Set([new URL(base).hostname]),
  authProvider: (done) => done(null, token),
});

const commands = {
  async me() {
    return client.api("/me").select("mail").get();
  },
  async create(body) {
    return client.api("/me/events").post(body);
  },
  async change({ id, etag, body }) {
    return client.api(`/me/events/${id}`).header("If-Match", etag).patch(body);
  },
  async remove({ id }) {
    await client.api(`/me/events/${id}`).delete();
    return {};
  },
  async view(span) {
    return client
      .api("/me/calendarView")
      .query(span)
      .header("Prefer", 'outlook.timezone="W. Europe Standard Time"')
      .orderby("start/dateTime")
      .get();
  },
  async all({ path, size }) {
    const page = await client.api(path).header("Prefer", `odata.maxpagesize=${size}`).get();
    const lines = [];
    const walk = new PageIterator(client, page, (line) => {
      lines.push(line.id);
      return true;
    });
    await walk.iterate();
    return { lines, delta: walk.getDeltaLink() ?? null };
  },
  async batch({ bodies }) {
    const content = new BatchRequestContent();
    bodies.forEach((body, number) => {
      const request = new Request(`${base}/me/events`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      content.addRequest({ id: String(number), request });
    });
    const given = await client.api("/$batch").post(await content.getContent());
    const found = new BatchResponseContent(given).getResponses();
    return { statuses: [...found.values()].map((one) => one.status) };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...given } = JSON.parse(line);
  let answer;
  try {
    answer = await commands[name](given);
  } catch (error) {
    answer = { error: String(error?.message ?? error), status: error?.statusCode ?? 0, code: error?.code ?? null };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
