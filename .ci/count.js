// Counts the assertions of a TAP file: the lines at the end of every nesting, skips and todos apart. Names those that failed.
import { readFileSync } from 'node:fs'

const counts = { passed: 0, failed: 0, skipped: 0 }
const failures = []
/** The names of the tests that a line stands in, as far as they are told before it. */
const within = []
let depth = 0
for (const line of readFileSync(process.argv[2], 'utf8').split('\n')) {
  const [, start, name] = /^( *)# Subtest: (.*)$/.exec(line) ?? []
  if (name !== undefined) within.splice(start.length / 4, Infinity, name)
  const [, indent, not, rest] = /^( *)(not )?ok \d+(.*)$/.exec(line) ?? []
  if (indent === undefined) continue
  const isSubtest = indent.length < depth
  depth = indent.length
  if (/# (SKIP|TODO)/i.test(rest)) counts.skipped++
  else if (not && !isSubtest) {
    counts.failed++
    failures.push([...within.slice(0, depth / 4), rest.replace(/^ - /, '')].join(' > '))
  } else if (!isSubtest) counts.passed++
}
for (const failure of failures) console.log(`failed: ${failure}`)
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
