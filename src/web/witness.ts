/**
 * The witness's HTTP side (https://c2sp.org/tlog-witness): a small server of its own, which knows no hub.
 *
 * A cosignature leaves when the checkpoint that it is for is remembered, and not before.
 */
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { HubError } from '../errors.ts'
import { parseAddCheckpoint } from '../log/add-checkpoint.ts'
import { parseCheckpoint } from '../log/checkpoint.ts'
import { cosignatureLine, textOf } from '../log/note.ts'
import type { WitnessMemory } from '../log/witness-memory.ts'
import { judge, type Judgement } from '../log/witness.ts'

/** A note with a hundred signatures and a proof of 63 hashes take less. */
const bodyLimitBytes = 32 * 1024

/**
 * @param now milliseconds since the epoch
 * @param onRefusal told in a line what was refused and why: whoever runs a witness must hear of it
 */
export function buildWitness(
  memory: WitnessMemory,
  now: () => number,
  onRefusal: (line: string) => void = () => {},
): FastifyInstance {
  const app = Fastify({ bodyLimit: bodyLimitBytes, connectionTimeout: 60_000, requestTimeout: 30_000 })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))

  app.post('/add-checkpoint', (request, reply) => {
    const body = typeof request.body === 'string' ? request.body : ''
    // From here to the answer nothing waits: no other request comes between judging and remembering.
    const judgement = judge(body, { logs: memory.logs, last: origin => memory.last(origin) })
    if (judgement.judgement === 'forked') memory.keepFork(judgement.checkpoint)
    if (judgement.judgement !== 'consistent') {
      onRefusal(`${new Date(now()).toISOString()} refused${originIn(body)}: ${reasonOf(judgement)}`)
      return refuse(judgement, reply)
    }
    const line = cosignatureLine(judgement.checkpoint, memory.key, Math.floor(now() / 1000))
    memory.remember(parseCheckpoint(textOf(judgement.checkpoint)), `${judgement.checkpoint}${line}`)
    return reply.type('text/plain; charset=utf-8').send(line)
  })

  // For monitors: what this witness has seen last of a log, to be held against what the log shows them.
  app.get<{ Params: { origin: string } }>('/:origin/checkpoint', (request, reply) => {
    const note = memory.noteBy(request.params.origin)
    void reply.type('text/plain; charset=utf-8')
    return note === undefined ? reply.status(404).send('No checkpoint of this log was cosigned.\n') : reply.send(note)
  })
  return app
}

type Refusal = Exclude<Judgement, { readonly judgement: 'consistent' }>

function refuse(refusal: Refusal, reply: FastifyReply): FastifyReply {
  if (refusal.judgement === 'size-differs') {
    return reply.status(409).type('text/x.tlog.size').send(`${refusal.size}\n`)
  }
  const [status] = answers[refusal.judgement]
  return reply
    .status(status)
    .type('text/plain; charset=utf-8')
    .send(`${reasonOf(refusal)}\n`)
}

function reasonOf(refusal: Refusal): string {
  if (refusal.judgement === 'size-differs') {
    return `It begins elsewhere than at the ${refusal.size} entries of the last cosigned checkpoint: rolled back, or to be proven anew from there.`
  }
  const [, reason] = answers[refusal.judgement]
  return refusal.judgement === 'malformed' ? `${reason} ${refusal.reason}` : reason
}

/** Whose checkpoint it is said to be, so that no control character gets into a line; empty where it cannot be read. */
function originIn(body: string): string {
  try {
    return ` ${JSON.stringify(parseCheckpoint(textOf(parseAddCheckpoint(body).checkpoint)).origin.slice(0, 200))}`
  } catch (error) {
    if (error instanceof HubError) return ''
    throw error
  }
}

const answers: Readonly<Record<Exclude<Refusal['judgement'], 'size-differs'>, readonly [number, string]>> = {
  malformed: [400, 'The request cannot be read.'],
  unsigned: [403, 'No key of this log that the witness knows has signed the checkpoint.'],
  'log-unknown': [404, 'The witness does not know this log.'],
  forked: [409, 'Another root was cosigned for this size: the log has two histories.'],
  unproven: [422, 'The proof does not show that the log has only grown since the last cosigned checkpoint.'],
}
