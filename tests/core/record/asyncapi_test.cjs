// Fails on an error or a warning of the parser, and where what consumers must know is not said.
const { fromFile, Parser } = require('@asyncapi/parser');

const topics = ['feeds', 'polls', 'fetched', 'seen', 'items', 'duplicates', 'flagged', 'deliveries', 'dead'];

async function main() {
  const { document, diagnostics } = await fromFile(new Parser(), process.argv[2]).parse();
  // 3.0 is the version that most tools read.
  const problems = diagnostics.filter((d) => d.code !== 'asyncapi-latest-version').map((d) => `${d.path.join('.')}: ${d.message}`);
  if (!document) throw new Error(problems.join('\n') || 'not parsed');
  const addresses = document.channels().all().map((c) => c.address());
  for (const topic of topics) if (!addresses.includes(`{prefix}${topic}`)) problems.push(`${topic}: no channel`);
  for (const text of ['isolation.level=read_committed', 'read_uncommitted', 'only ever added'])
    if (!document.info().description().includes(text)) problems.push(`info.description: does not say ${text}`);
  const flagged = document.channels().get('flagged').messages().all()[0].payload();
  if (!flagged.allOf()[0].allOf()[0].properties().title) problems.push('flagged: its schema does not reach the item');
  console.log(problems.join('\n') || `${addresses.length} channels, no problems`);
  return problems.length === 0 ? 0 : 1;
}

main().then((code) => process.exit(code), (e) => { console.error(e.message); process.exit(1); });
