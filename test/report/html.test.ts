import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { htmlReport } from '../../src/report/html/html.ts';
import { lacks, programPath } from '../support/programs.ts';
import { goldenReports, hostileReport } from '../support/reports.ts';

const address = 'http://report.invalid/';

let browser: Browser;

/** Runs `use` on the page in Chromium, and returns what the page asked the network for beside itself, and complained of. */
async function open(html: string, options: BrowserContextOptions, use: (page: Page) => Promise<void>) {
  const context = await browser.newContext(options);
  const noise: string[] = [];
  try {
    await context.route('**/*', (route) => {
      const url = route.request().url();
      if (url === address) return route.fulfill({ body: html, contentType: 'text/html' });
      noise.push(`request ${url}`);
      return route.abort();
    });
    const page = await context.newPage();
    page.on('console', (message) => noise.push(`console ${message.text()}`));
    page.on('pageerror', (error) => noise.push(`error ${error.message}`));
    page.on('dialog', (dialog) => noise.push(`dialog ${dialog.message()}`));
    await page.goto(address, { waitUntil: 'networkidle' });
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
    await use(page);
  } finally {
    await context.close();
  }
  return noise;
}

/** Every rule of axe-core, best practices included: what fails, and where. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations: found } = (await page.evaluate('axe.run()')) as axe.AxeResults;
  return found.flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target} ${html}`));
}

describe.skipIf(lacks('chromium', 'chromium'))('the HTML report in Chromium', () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: programPath('chromium'), chromiumSandbox: false });
  });
  afterAll(() => browser?.close());

  describe.each(Object.entries(goldenReports))('%s', (_, make) => {
    it.each(['light', 'dark'] as const)('is accessible, in a %s scheme', async (colorScheme) => {
      const noise = await open(htmlReport(make()), { colorScheme }, async (page) => {
        expect(await violations(page)).toEqual([]);
      });
      expect(noise).toEqual([]);
    });
  });

  it('looks different in the dark', async () => {
    const colours: unknown[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await open(htmlReport(hostileReport()), { colorScheme }, async (page) => {
        colours.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
      });
    }
    expect(new Set(colours).size).toBe(2);
  });

  // Escaping has to be enough: the policy of the page is a second wall.
  it.each([false, true])(
    'runs and loads nothing of a hostile server (policy switched off: %s)',
    async (bypassCSP) => {
      const html = htmlReport(hostileReport());
      const noise = await open(html, { bypassCSP }, async (page) => {
        expect(await page.title()).toMatch(/^Not ready for production: /);
        expect(
          await page.evaluate(
            "document.querySelectorAll('script, img, failure, b, [onload], [onerror]').length",
          ),
        ).toBe(0);
        expect(
          await page.evaluate(
            'document.querySelectorAll(\'a[href]:not([href^="#"]):not([href^="https:"])\').length',
          ),
        ).toBe(0);
      });
      expect(noise).toEqual([]);
    },
  );

  it('has a policy that stops injected content', async () => {
    const injected = htmlReport(hostileReport()).replace(
      '</main>',
      '<img src="http://evil.invalid/x.png"><script>document.title = "owned"</script></main>',
    );
    const noise = await open(injected, {}, async (page) => {
      expect(await page.title()).not.toBe('owned');
    });
    expect(noise.filter((text) => text.startsWith('request'))).toEqual([]);
    expect(noise.join('\n')).toContain('Content Security Policy');
  });

  it('fits into a narrow window, with words of any length', async () => {
    await open(htmlReport(hostileReport()), { viewport: { width: 320, height: 600 } }, async (page) => {
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    });
  });

  it('opens evidence without a script, and prints closed rows', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.setContent(htmlReport(hostileReport()));
    const row = page.locator('#health-endpoint');
    const why = row.locator('.body');
    expect(await why.isVisible()).toBe(false);
    await row.locator('summary').first().click();
    expect(await why.isVisible()).toBe(true);
    await row.locator('summary').first().click();
    await page.emulateMedia({ media: 'print' });
    expect((await why.boundingBox())?.height).toBeGreaterThan(50);
    await context.close();
  });
});
