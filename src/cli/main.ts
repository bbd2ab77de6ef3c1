#!/usr/bin/env node
/** The command line. The only place that ends the process. */
import { report } from './problem.ts'
import { newProgram } from './program.ts'

// A reader that has seen enough, like `head`, is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

let usage = ''
try {
  const program = await newProgram(text => (usage += text.replace(/^error: /, 'concord: ')), process.argv[2])
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error, usage, process.argv.includes('--json'))
}
