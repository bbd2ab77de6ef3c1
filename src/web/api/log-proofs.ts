/** The log as outsiders verify it: checkpoints and tiles (https://c2sp.org/tlog-tiles), and proofs as calls. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { HubError } from '../../errors.ts'
import type { Hub } from '../../exchange/hub.ts'
import {
  latestCheckpoint,
  proveEntry,
  proveGrowth,
  readBundle,
  readTile,
  type InclusionProof,
} from '../../exchange/log-proofs.ts'
import { toBase64 } from '../../log/base64.ts'
import type { Proof } from '../../log/proof.ts'
import { parseTilePath, type Tile } from '../../log/tiles.ts'
import { encodeEntryProof } from '../../log/tlog-proof.ts'
import { byOf } from '../authenticate.ts'

const text = 'text/plain; charset=utf-8'

/** What a tile's name stands for never changes; `private`, for it is shown to those alone who may read the log. */
const forever = 'private, max-age=31536000, immutable'

const size = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const

const checkpointQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    cosigned: { type: 'boolean', default: false, description: 'The latest that a witness has signed, maybe older.' },
  },
} as const

const proofQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    entry: { ...size, description: 'Proves that this entry is in the log.' },
    size: { ...size, description: 'In the tree of so many entries; without it, under the checkpoint that fits best.' },
    from: { ...size, minimum: 1, description: 'Proves that the log begins with its first entries of this number.' },
    to: { ...size, description: 'In the tree of so many entries; without it, of the latest checkpoint.' },
  },
} as const

const bytes = { content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } } as const
const tileName = {
  type: 'object',
  properties: { '*': { type: 'string', description: 'Name of the tile, such as 0/x001/x234/067.p/5.' } },
} as const

type TileParams = { readonly '*': string }
type ProofQuery = { readonly entry?: number; readonly size?: number; readonly from?: number; readonly to?: number }

export function logProofs(app: FastifyInstance, hub: Hub): void {
  app.get<{ Querystring: { cosigned: boolean } }>(
    '/v1/log/checkpoint',
    {
      schema: {
        tags: ['log'],
        summary: 'The latest checkpoint: size and root of the log, signed',
        description: 'A signed note (C2SP tlog-checkpoint); below it, cosignatures of witnesses where there are some.',
        querystring: checkpointQuery,
        response: { 200: { description: 'The note.', content: { 'text/plain': { schema: { type: 'string' } } } } },
      },
    },
    async (request, reply) => {
      const { note } = await latestCheckpoint(hub, request.query.cosigned)
      return reply.type(text).header('Cache-Control', 'no-store').send(note)
    },
  )

  app.get<{ Params: TileParams }>(
    '/v1/log/tile/*',
    {
      schema: {
        tags: ['log'],
        summary: 'A tile: 256 neighbouring hashes of the tree, or as many as there are',
        description: 'C2SP tlog-tiles: L/N, partial ones with .p/W. As far as the latest checkpoint signs.',
        params: tileName,
        response: { 200: { description: 'Hashes of 32 bytes.', ...bytes } },
      },
    },
    async (request, reply) => {
      const hashes = await readTile(hub, tileOf(request.params['*']))
      return reply.type('application/octet-stream').header('Cache-Control', forever).send(hashes)
    },
  )

  app.get<{ Params: TileParams }>(
    '/v1/log/tile/entries/*',
    {
      schema: {
        tags: ['log'],
        summary: 'A bundle: the entries under a tile of level 0',
        description: 'C2SP tlog-tiles: each entry behind its length in two bytes. That it was read is an entry too.',
        params: tileName,
        response: { 200: { description: 'Entries with their lengths.', ...bytes } },
      },
    },
    async (request, reply) => {
      const bundle = await readBundle(hub, byOf(request), tileOf(`entries/${request.params['*']}`))
      void reply.type('application/octet-stream').header('Cache-Control', forever)
      return sendCompressed(bundle, request, reply)
    },
  )

  app.get<{ Querystring: ProofQuery }>(
    '/v1/log/proof',
    {
      schema: {
        tags: ['log'],
        summary: 'Proves that an entry is in the log, or that the log has only grown',
        description:
          'RFC 6962 §2.1.1 (entry, size) or §2.1.2 (from, to): hashes in base64, with the checkpoint where the log has kept one of this size. With `Accept: text/plain`, the proof of an entry in the format of C2SP tlog-proof.',
        querystring: proofQuery,
        response: {
          200: {
            description: 'The proof.',
            content: {
              'application/json': { schema: { type: 'object', additionalProperties: true } },
              'text/plain': { schema: { type: 'string' } },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const { entry, size, from, to } = request.query
      if (entry !== undefined && from === undefined && to === undefined) {
        return sendInclusion(await proveEntry(hub, { entry, size }), request, reply)
      }
      if (from !== undefined && entry === undefined && size === undefined) {
        const { proof, ...rest } = await proveGrowth(hub, { from, to })
        return reply.send({ ...rest, proof: inBase64(proof) })
      }
      throw new HubError('request-invalid', 'Ask by entry (and size), or by from (and to).')
    },
  )
}

/** @throws {HubError} `tile-unknown` */
function tileOf(path: string): Tile {
  const tile = parseTilePath(path)
  if (tile !== undefined) return tile
  throw new HubError('tile-unknown', 'A tile is named L/N, such as 0/000, 1/x001/234 or entries/007.p/12.')
}

function sendInclusion(
  { entry, size, leaf, proof, checkpoint }: InclusionProof,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  void reply.header('Vary', 'Accept')
  if (!/\btext\/plain\b/.test(request.headers.accept ?? '')) {
    return reply.send({ entry, size, leaf: toBase64(leaf), proof: inBase64(proof), checkpoint })
  }
  if (checkpoint !== undefined) {
    return reply.type(text).send(encodeEntryProof({ index: entry, proof, checkpoint }))
  }
  throw new HubError(
    'checkpoint-unknown',
    'The log has kept no checkpoint of this size; leave it out, or ask for JSON.',
  )
}

function inBase64(proof: Proof): string[] {
  return proof.map(toBase64)
}

async function sendCompressed(bundle: Buffer, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  void reply.header('Vary', 'Accept-Encoding')
  if (!/\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(request.headers['accept-encoding'] ?? '')) return reply.send(bundle)
  return reply.header('Content-Encoding', 'gzip').send(await compress(bundle))
}

const compress = promisify(gzip)
