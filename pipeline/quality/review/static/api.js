// Talking to the server: one document, its version, and what it says to changes.

/** An answer other than yes. `status` 0: the server could not be reached. */
export class Refusal extends Error {
  constructor(status, body) {
    super(body?.message ?? `HTTP ${status}`);
    this.status = status;
    this.faults = body?.faults ?? [];
  }
}

export class Api {
  constructor(name) {
    this.base = `/api/documents/${encodeURIComponent(name)}`;
    this.pages = `/documents/${encodeURIComponent(name)}/pages`;
  }

  async ask(path, body, etag) {
    const options = { headers: {} };
    if (body !== undefined) {
      options.method = "POST";
      options.body = JSON.stringify(body);
      options.headers["Content-Type"] = "application/json";
    }
    if (etag) options.headers["If-Match"] = `"${etag}"`;
    let response;
    try {
      response = await fetch(this.base + path, options);
    } catch {
      throw new Refusal(0);
    }
    const answer = await response.json().catch(() => null);
    if (!response.ok) throw new Refusal(response.status, answer);
    return answer;
  }
}
