import { describe, expect, it } from 'vitest';
import { python, readProject, typescript } from './source-support.ts';

const limits = ({ httpCalls }: Awaited<ReturnType<typeof typescript>>) => httpCalls.map(({ limit }) => limit);

describe('an HTTP call in TypeScript', () => {
  it.each([
    ['await fetch("https://a")', 'none'],
    ['await fetch(`https://a/${city}`)', 'none'],
    ['await fetch(url, { headers: { a: "b" } })', 'none'],
    ['await globalThis.fetch(url)', 'none'],
    ['const f = fetch; await f(url)', 'none'],
    ['import fetch from "node-fetch"; await fetch(url)', 'none'],
    ['const { fetch } = require("undici"); fetch(url)', 'none'],
    ['await fetch(url, { signal: AbortSignal.timeout(5000) })', 'whole'],
    ['await fetch(url, { signal: AbortSignal.any([s, AbortSignal.timeout(5000)]) })', 'whole'],
    ['const signal = AbortSignal.timeout(5); fetch(url, { signal })', 'whole'],
    ['const o = { signal: AbortSignal.timeout(5) }; fetch(url, o)', 'whole'],
    [
      'const c = new AbortController(); setTimeout(() => c.abort(), 5); fetch(url, { signal: c.signal })',
      'wait',
    ],
    ['const c = new AbortController(); fetch(url, { signal: c.signal })', 'unknown'],
    ['function get(signal: AbortSignal) { return fetch(url, { signal }) }', 'unknown'],
    ['fetch(url, { ...defaults })', 'unknown'],
    ['fetch(url, options)', 'unknown'],
    ['fetch(request)', 'unknown'],
    ['fetch(new Request(url, { signal }))', 'unknown'],
    ['fetch(...args)', 'unknown'],
    ['import axios from "axios"; axios.get(url)', 'none'],
    ['import axios from "axios"; axios({ url })', 'none'],
    ['import axios from "axios"; axios({ url, timeout: 5 })', 'wait'],
    ['import axios from "axios"; axios.get(url, { timeout: 5000 })', 'wait'],
    ['import axios from "axios"; axios.get(url, { timeout: 0 })', 'none'],
    ['import axios from "axios"; axios.post(url, { timeout: 5000 })', 'none'],
    ['import axios from "axios"; axios.post(url, body, { timeout: 5000 })', 'wait'],
    ['import axios from "axios"; axios.get(url, config)', 'unknown'],
    ['import axios from "axios"; const api = axios.create({ timeout: 5 }); api.get(url)', 'wait'],
    ['import axios from "axios"; const api = axios.create({ baseURL: url }); api.get("/x")', 'none'],
    ['import axios from "axios"; const api = axios.create(config); api.get("/x")', 'unknown'],
    ['import { request as r } from "undici"; r(url)', 'none'],
    ['import { request } from "undici"; request(url, { headersTimeout: 5 })', 'wait'],
    ['import got from "got"; got(url)', 'none'],
    ['import got from "got"; got.get(url, { timeout: { request: 5 } }).json()', 'whole'],
    ['import got from "got"; const g = got.extend({ timeout: { request: 5 } }); g(url)', 'whole'],
    ['import ky from "ky"; ky.get(url)', 'wait'],
    ['import ky from "ky"; ky.get(url, { timeout: false })', 'none'],
    ['import https from "node:https"; https.get("https://a", () => {})', 'none'],
    ['import https from "node:https"; https.get(url, () => {})', 'unknown'],
    ['import * as http from "http"; const r = http.request({ host }); r.setTimeout(5)', 'unknown'],
  ])('%s: %s', async (text, limit) => {
    expect(limits(await typescript(text))).toEqual([limit]);
  });

  it('is found in classes, in CommonJS, and in JSX', async () => {
    const { facts } = await readProject({
      'a.ts': `import axios, { type AxiosInstance } from 'axios';
@Injectable()
export class Weather<T extends object> {
  private readonly http: AxiosInstance;
  constructor(private readonly config: Config) { this.http = axios.create({ timeout: 3_000 }) as AxiosInstance; }
  async get(city: string): Promise<T> { return (await this.http.get<T>('/weather', { params: { city } })).data!; }
}`,
      'b.cjs': `const axios = require('axios').default;\nmodule.exports = { get: async (u) => axios.get(u) };`,
      'c.jsx': `export const A = () => <b onClick={async () => { await fetch('/x') }}>{"fetch"}</b>;`,
    });
    expect(facts.httpCalls).toMatchObject([
      { call: 'axios.get', limit: 'wait', at: { file: 'a.ts', line: 6 } },
      { call: 'axios.get', limit: 'none', at: { file: 'b.cjs', line: 2 } },
      { call: 'fetch', limit: 'none', at: { file: 'c.jsx', line: 1 } },
    ]);
    expect(facts.parsed).toEqual({ typescript: 1, javascript: 2, python: 0 });
  });

  it.each([
    'function fetch(x) {} fetch(url)',
    'export const get = (fetch) => fetch(url)',
    'import { fetch } from "./http.js"; fetch(url)',
    '// fetch(url)\nconst a = "fetch(url)"',
    'this.fetch(url); client.fetch(url)',
    'type A = { fetch(url: string): void }',
    'const api = a ? axios : b; import axios from "axios"; api.get(url)',
  ])('is not: %s', async (text) => {
    expect((await typescript(text)).httpCalls).toEqual([]);
  });

  it.each([
    ['await Promise.race([fetch(url), late])', 'Promise.race'],
    ['import pTimeout from "p-timeout"; pTimeout(fetch(url), { milliseconds: 5 })', 'pTimeout'],
    ['await withTimeout(() => fetch(url), 5)', 'withTimeout'],
    ['import axios from "axios"; axios.defaults.timeout = 5; axios.get(url)', 'axios.defaults.timeout'],
    ['setGlobalDispatcher(new Agent({ bodyTimeout: 5 })); fetch(url)', 'setGlobalDispatcher'],
    ['server.addTool({ name: "a", timeoutMs: 5, execute: () => fetch(url) })', 'addTool'],
  ])('may be bounded from outside: %s', async (text, call) => {
    expect((await typescript(text)).timeGuards).toMatchObject([{ call }]);
  });

  it('is not bounded by what is about something else', async () => {
    const facts = await typescript(
      'setTimeout(f, 5); socket.setTimeout(5); clearTimeout(t); AbortSignal.timeout(5)',
    );
    expect(facts.timeGuards).toEqual([]);
  });
});

describe('an HTTP call in Python', () => {
  it.each([
    ['import requests\nrequests.get(url)', 'none'],
    ['import requests\nrequests.get(url, timeout=5)', 'wait'],
    ['import requests\nrequests.get(url, timeout=None)', 'none'],
    ['import requests as r\nr.post(url, json=a)', 'none'],
    ['from requests import get\nget(url)', 'none'],
    ['import requests\nrequests.get(url, **options)', 'unknown'],
    ['import requests\ns = requests.Session()\ns.get(url)', 'none'],
    ['import requests\nwith requests.Session() as s:\n  s.get(url)', 'none'],
    ['import requests\ns = requests.Session()\ns.mount("https://", TimeoutAdapter())\ns.get(url)', 'unknown'],
    ['import httpx\nhttpx.get(url)', 'wait'],
    ['import httpx\nhttpx.get(url, timeout=None)', 'none'],
    ['import httpx\nasync def f():\n  async with httpx.AsyncClient() as c:\n    await c.get(url)', 'wait'],
    [
      'import httpx\nasync def f():\n  async with httpx.AsyncClient(timeout=None) as c:\n    await c.get(url)',
      'none',
    ],
    ['import httpx\nc = httpx.Client(timeout=httpx.Timeout(None))\nc.get(url)', 'none'],
    ['import httpx\nc = httpx.Client(timeout=httpx.Timeout(5.0, connect=None))\nc.get(url)', 'wait'],
    ['import httpx\nc = httpx.Client(timeout=settings.timeout)\nc.get(url)', 'unknown'],
    [
      'import aiohttp\nasync def f():\n  async with aiohttp.ClientSession() as s, s.get(url) as r: pass',
      'whole',
    ],
    [
      'import aiohttp\nasync def f():\n  async with aiohttp.ClientSession() as s:\n    async with s.get(url) as r: pass',
      'whole',
    ],
    ['import urllib.request\nurllib.request.urlopen(url)', 'none'],
    ['from urllib.request import urlopen\nurlopen(url, timeout=5)', 'wait'],
    ['from urllib.request import urlopen\nurlopen(url, None, 5)', 'wait'],
    ['import http.client\nc = http.client.HTTPSConnection("a")', 'none'],
    ['import urllib3\nhttp = urllib3.PoolManager()\nhttp.request("GET", url)', 'none'],
  ])('%j: %s', async (text, limit) => {
    expect(limits(await python(text))).toEqual([limit]);
  });

  it('is found in methods and tools', async () => {
    const facts = await python(`
import httpx, requests
from fastmcp import FastMCP
mcp = FastMCP("weather")

class Client:
    def __init__(self, key: str):
        self.session: requests.Session = requests.Session()
        self._http = None
        self._http = httpx.AsyncClient(timeout=3)

    def get(self, city: str) -> dict:
        """requests.get(url)"""
        return self.session.get(f"https://a/{city}").json()

    async def later(self):
        return await self._http.get("/x")

@mcp.tool()
async def get_weather(city: str = "London", *, units: str = "metric") -> str:
    response = requests.get(
        "https://a",
        params={"q": city},
    )
    return response.text
`);
    expect(facts.httpCalls).toMatchObject([
      { call: 'requests.get', limit: 'none', at: { line: 14 } },
      { call: 'httpx.get', limit: 'wait', at: { line: 17 } },
      { call: 'requests.get', limit: 'none', at: { line: 21 } },
    ]);
    expect(facts.mcpImports).toMatchObject([{ library: 'fastmcp', at: { line: 3 } }]);
    expect(facts.timeGuards).toEqual([]);
  });

  it.each([
    ['import asyncio\nasync def f():\n  await asyncio.wait_for(g(), 5)', 'asyncio.wait_for'],
    ['import anyio\nasync def f():\n  with anyio.fail_after(5):\n    g()', 'anyio.fail_after'],
    ['@mcp.tool(timeout=5)\ndef f(): return fetch()', 'tool'],
  ])('may be bounded from outside: %j', async (text, call) => {
    expect((await python(text)).timeGuards).toMatchObject([{ call }]);
  });

  it.each([
    'def get(requests):\n  requests.get(url)',
    'from .http import requests\nrequests.get(url)',
    'x.get("requests")',
  ])('is not: %j', async (text) => {
    expect((await python(text)).httpCalls).toEqual([]);
  });
});
