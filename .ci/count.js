// Counts the assertions of a TAP file: the lines at the end of every nesting, skips and todos apart.
import { readFileSync } from 'node:fs'

const counts = { passed: 0, failed: 0, skipped: 0 }
let depth = 0
for (const line of readFileSync(process.argv[2], 'utf8').split('\n')) {
  const [, indent, not, rest] = /^( *)(not )?ok \d+(.*)$/.exec(line) ?? []
  if (indent === undefined) continue
  const isSubtest = indent.length < depth
  depth = indent.length
  if (/# (SKIP|TODO)/i.test(rest)) counts.skipped++
  else if (not && !isSubtest) counts.failed++
  else if (!isSubtest) counts.passed++
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
