// report-page.cjs PACKAGES CHROMIUM FOLDER NAME... - what a browser says of
// FOLDER/NAME.html, as JSON; pictures and a print of each beside it.
"use strict";
const fs = require("fs");
const path = require("path");
const [packages, executablePath, folder, ...names] = process.argv.slice(2);
const modules = path.join(packages, "node_modules");
const { chromium } = require(path.join(modules, "playwright-core"));
const axe = fs.readFileSync(path.join(modules, "axe-core/axe.min.js"), "utf8");

const LOOKS = [
	{ name: "desktop", width: 1280, height: 900, colorScheme: "light" },
	{ name: "dark", width: 1280, height: 900, colorScheme: "dark" },
	{ name: "phone", width: 360, height: 740, colorScheme: "light" },
];

// Violations of any rule, and places that axe-core could not judge.
async function violations(page) {
	await page.evaluate(axe);
	const found = await page.evaluate(() => window.axe.run(document));
	return found.violations.map((v) =>
		`${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`);
}

async function look(browser, name, how, seen) {
	const url = `file://${path.join(folder, name)}.html`;
	const context = await browser.newContext({
		viewport: { width: how.width, height: how.height },
		colorScheme: how.colorScheme,
		deviceScaleFactor: how.width < 500 ? 2 : 1,
	});
	const page = await context.newPage();
	page.on("request", (r) => {
		if (r.url() !== url && !r.url().startsWith("data:"))
			seen.requests.push(r.url());
	});
	page.on("console", (m) => seen.console.push(m.text()));
	page.on("pageerror", (e) => seen.console.push(String(e)));
	await page.goto(url);
	await page.screenshot({
		path: path.join(folder, `${name}-${how.name}.png`),
		fullPage: true,
	});
	const width = await page.evaluate(
		() => document.documentElement.scrollWidth);
	if (width > how.width)
		seen.wide.push(`${how.name}: ${width} pixels`);
	for (const v of await violations(page))
		seen.violations.push(`${how.name}: ${v}`);
	if (how.name === "desktop") {
		const pdf = await page.pdf({ preferCSSPageSize: true });
		fs.writeFileSync(path.join(folder, `${name}.pdf`), pdf);
		seen.sheets = pdf.toString("latin1").split(
			/\/Type\s*\/Page\b/).length - 1;
	}
	await context.close();
}

(async () => {
	const browser = await chromium.launch({
		executablePath,
		args: ["--no-sandbox", "--disable-gpu", "--disable-quic",
			"--no-first-run", "--disable-background-networking",
			"--disable-component-update", "--disable-sync"],
	});
	const pages = {};
	for (const name of names) {
		pages[name] = { requests: [], console: [], violations: [],
			wide: [], sheets: 0 };
		for (const how of LOOKS)
			await look(browser, name, how, pages[name]);
	}
	const version = `Chromium ${browser.version()}`;
	await browser.close();
	const axeVersion = JSON.parse(fs.readFileSync(
		path.join(modules, "axe-core/package.json"), "utf8")).version;
	process.stdout.write(JSON.stringify(
		{ browser: version, axe: axeVersion, pages }));
})().catch((e) => {
	process.stderr.write(`${e.stack}\n`);
	process.exit(1);
});
