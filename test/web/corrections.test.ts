/** Corrections and discrepancies over HTTP: who may call, what is answered, and that no file holds what people wrote. */
import t from 'tap'
import { ConcordClient } from '../../src/client/client.ts'
import { createAgreement } from '../../src/exchange/agreements.ts'
import { createClient } from '../../src/exchange/clients.ts'
import { putDepartment } from '../../src/exchange/departments.ts'
import type { Scope } from '../../src/record.ts'
import { findIn } from '../find-in.ts'
import { folder, openTestHub, serve, tester, tokenFor } from '../helper.ts'
import { publishShops, say } from '../exchange/voices.ts'

/** In no other text. */
const word = 'QqZxJvKw'

t.test(
  'a consumer says what is wrong, the deliverer answers, the owner settles; no file holds what was written',
  async t => {
    const directory = folder(t)
    const hub = await openTestHub(t, directory)
    await publishShops(hub)
    await say(hub, 'archives', { id: '1', name: 'a', secret: `${word}1` })
    await say(hub, 'health', { id: '1', name: 'b', secret: `${word}2` })
    await putDepartment(hub, tester, { id: 'permits', titles: { 'zh-CN': '测试', en: 'Test' } })
    await createAgreement(hub, tester, {
    department: 'permits', standard: 'shop', fields: ['id', 'name', 'secret'], operations: ['read'], matters: ['m'],
    from: new Date(0), until: new Date('2100-01-01'),
  }) // prettier-ignore
    const url = await serve(t, hub)
    const secrets: Record<string, { id: string; secret: string }> = {}
    const clientOf = async (department: string, ...scopes: Scope[]) => {
      const id = `${department}-${scopes.join('-')}`
      secrets[id] = await createClient(hub, tester, { id, department, title: 'c', scopes })
      const token = await tokenFor(url, secrets[id])
      return async (path: string, body?: object) => {
        const reply = await fetch(`${url}${path}`, {
          method: body === undefined ? 'GET' : 'POST',
          headers: { authorization: `Bearer ${token}`, 'concord-matter': 'm', 'content-type': 'application/json' },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        })
        const json = (await reply.json()) as Record<string, unknown>
        return { status: reply.status, location: reply.headers.get('location'), json }
      }
    }
    const reader = await clientOf('permits', 'read')
    const sender = await clientOf('archives', 'deliver')
    const other = await clientOf('health', 'deliver')
    const owner = await clientOf('data-bureau', 'publish')
    const stranger = await clientOf('permits', 'decide')

    const asked = { key: '1', field: 'secret', message: `${word} is wrong`, proposed: `${word}3` }
    const made = await reader('/v1/standards/shop/corrections', asked)
    t.match(made, { status: 201, location: `/v1/corrections/${String(made.json['id'])}` })
    const path = made.location as string
    t.match(await reader('/v1/standards/shop/corrections', asked), { status: 200, location: path }, 'sent again')
    for (const [what, body, pointer] of [
      ['a message without words', { ...asked, message: '' }, '/message'],
      ['a message that would be cut where it is sealed', { ...asked, message: 'a\u0000b' }, '/message'],
      ['a message without end', { ...asked, message: 'x'.repeat(2001) }, '/message'],
      ['a proposal that is no text', { ...asked, proposed: 7 }, '/proposed'],
      ['no such field', { ...asked, field: 'nix' }, '/field'],
      ['what nobody knows', { ...asked, mesage: 'x' }, '/mesage'],
    ] as const) {
      const refused = await reader('/v1/standards/shop/corrections', body)
      t.match(refused, { status: 400, json: { code: 'request-invalid', issues: [{ pointer }] } }, what)
      t.notMatch(JSON.stringify(refused.json), new RegExp(word))
    }
    t.match(await stranger('/v1/standards/shop/corrections', asked), { status: 403, json: { code: 'scope-missing' } })

    const [listed] = (await sender('/v1/corrections?role=to-answer&state=open')).json['corrections'] as object[]
    t.match(listed, { key: '1', field: 'secret', department: 'permits', addressee: 'archives', isOverdue: false })
    t.notMatch(JSON.stringify(listed), new RegExp(`${word}|pseudonym`))
    t.match(await other(path), { status: 404, json: { code: 'correction-unknown' } })
    t.match(await sender(path), {
      status: 200,
      json: { message: `${word} is wrong`, proposed: `${word}3`, answers: [] },
    })
    t.match(await reader(`${path}/answer`, { outcome: 'corrected', message: 'x' }), {
      status: 403,
      json: { code: 'scope-missing' },
    })
    const answer = { outcome: 'corrected', message: `${word} tonight` }
    t.match(await sender(`${path}/answer`, answer), { status: 200, json: { state: 'answered' } })
    t.match(await sender(`${path}/answer`, answer), { status: 409, json: { code: 'correction-state' } })
    t.match(await reader(path), { json: { answers: [{ outcome: 'corrected', message: `${word} tonight` }] } })

    const found = await owner('/v1/discrepancies?standard=shop&limit=1')
    const { cursor, discrepancies } = found.json as { cursor: string; discrepancies: { id: string; field: string }[] }
    const second = await owner(`/v1/discrepancies?standard=shop&limit=1&cursor=${cursor}`)
    t.same(
      [...discrepancies, ...(second.json['discrepancies'] as { field: string }[])].map(({ field }) => field).sort(),
      ['name', 'secret'],
    )
    t.match(await owner('/v1/discrepancies?cursor=nix'), { status: 400, json: { code: 'request-invalid' } })
    const settle = `/v1/discrepancies/${discrepancies[0]?.id}/settle`
    const decision = { decision: 'both-valid', reason: `${word} says so` }
    t.match(await other(settle, decision), { status: 403, json: { code: 'scope-missing' } })
    t.match(await owner(settle, { ...decision, decision: 'whatever' }), { status: 400 })
    t.match(await owner(settle, decision), { status: 200, json: { state: 'settled', reason: `${word} says so` } })
    t.match(await other(`/v1/discrepancies/${discrepancies[0]?.id}`), { json: { own: [{ adapter: 'health/shops' }] } })
    t.match(await reader('/v1/discrepancies'), { status: 403 })

    const { id, secret } = secrets['permits-read'] ?? { id: '', secret: '' }
    const shops = new ConcordClient({ url, clientId: id, secret, matter: 'm' }).standard('shop')
    const again = await shops.correct('1', 'secret', { message: 'by the client' })
    t.match(
      await shops.correct('1', 'secret', { message: 'by the client' }),
      { correction: again.correction },
      'sent twice, it is one',
    )
    t.match(await reader(`/v1/corrections/${again.correction}`), { json: { message: 'by the client', proposed: null } })
    await t.rejects(shops.correct('9', 'secret', { message: 'x' }), { code: 'record-unknown' })

    t.same(findIn(directory, word), [], 'databases, what lies beside them, and the log')
  },
)
