/** Traces of failed requests, as administrators of IIS read them (I-63). */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { child, childrenOf, type Element, parseXml } from '../../../src/kernel/xml.ts'
import { failureOf, type TraceRule } from '../../../src/role/w3wp/trace/failure.ts'
import { until } from '../../until.ts'
import { type Shape, startWorker, type Worker, webConfig } from './worker.ts'

const program = `require('http').createServer((req, res) => {
  res.statusCode = 503
  res.setHeader('Set-Cookie', 'session=hush')
  res.end('busy')
}).listen(process.env.PORT)`

const tracing = (definition: string, path = '*', verbosity = 'Verbose') =>
  `<tracing><traceFailedRequests><add path="${path}">
    <traceAreas><add provider="WWW Server" areas="Rewrite,RequestNotifications" verbosity="${verbosity}"/></traceAreas>
    <failureDefinitions ${definition}/></add></traceFailedRequests></tracing>`

const app =
  '<handlers><add name="node" path="app.js" verb="*" modules="iisnode"/></handlers><rewrite><rules><rule name="To app"><match url="^go"/><action type="Rewrite" url="app.js"/></rule></rules></rewrite>'

const site = (...content: readonly string[]): Shape => ({
  files: { 'app.js': program, 'a.txt': 'a', ...webConfig(content.join('')) },
})

async function served(shapes: readonly Shape[], use: (worker: Worker) => Promise<void>): Promise<void> {
  const worker = await startWorker(shapes)
  try {
    await use(worker)
  } finally {
    await worker.close()
  }
}

const directoryOf = (worker: Worker, number = 1) => join(worker.traceDirectory, `W3SVC${number}`)

function tracesOf(worker: Worker, number?: number): readonly string[] {
  try {
    return readdirSync(directoryOf(worker, number)).sort()
  } catch {
    return []
  }
}

/** The trace of that name, once it is there whole. */
async function traceOf(worker: Worker, name: string): Promise<Element> {
  const file = join(directoryOf(worker), name)
  let text = ''
  await until(() => {
    if (tracesOf(worker).includes(name)) text = readFileSync(file, 'utf8')
    return text.includes('</failedRequest>')
  }, `${name} is there`)
  return parseXml(text)
}

interface Seen {
  readonly opcode: string | undefined
  readonly data: Readonly<Record<string, string>>
}

function eventsOf(trace: Element): readonly Seen[] {
  return childrenOf(trace, 'Event').map((event) => ({
    opcode: child(child(event, 'RenderingInfo'), 'Opcode')?.text,
    data: Object.fromEntries(
      childrenOf(child(event, 'EventData'), 'Data').map(({ attributes, text }) => [attributes['Name'] ?? '', text]),
    ),
  }))
}

describe('failed requests', () => {
  it('are traced with rules, handler, error and headers, without what signs in', async () => {
    await served([site(app, tracing('statusCodes="400-599"'))], async (worker) => {
      await worker.ask('/go?x=1', { headers: { authorization: 'Basic aHVzaA==', cookie: 'a=hush', accept: 'text/x' } })
      const trace = await traceOf(worker, 'fr000001.xml')
      assert.equal(trace.local, 'failedRequest')
      const { url, siteId, appPoolId, verb, failureReason, statusCode, timeTaken } = trace.attributes
      assert.deepEqual(
        [url, siteId, appPoolId, verb, failureReason, statusCode],
        ['http://www.contoso.com:80/go?x=1', '1', 'p', 'GET', 'STATUS_CODE', '503'],
      )
      assert.match(timeTaken ?? '', /^\d+$/)
      const events = eventsOf(trace)
      assert.deepEqual(
        events.map(({ opcode }) => opcode),
        [
          'GENERAL_REQUEST_START',
          'GENERAL_REQUEST_HEADERS',
          'RULE_EVALUATION_END',
          'HANDLER_CHANGED',
          'MODULE_SET_RESPONSE_ERROR_STATUS',
          'GENERAL_RESPONSE_HEADERS',
          'GENERAL_REQUEST_END',
        ],
      )
      assert.equal(events[2]?.data['RuleName'], 'To app')
      assert.equal(events[3]?.data['NewHandlerName'], 'node')
      assert.match(events[1]?.data['Headers'] ?? '', /^accept: text\/x$/m)
      assert.doesNotMatch(readFileSync(join(directoryOf(worker), 'fr000001.xml'), 'utf8'), /hush|aHVzaA/)
    })
  })

  it('say why, as far as the rule wants to know', async () => {
    await served([site(tracing('statusCodes="404.8"', '*', 'Warning'))], async (worker) => {
      await worker.ask('/bin/x.dll')
      const events = eventsOf(await traceOf(worker, 'fr000001.xml'))
      assert.deepEqual(
        events.map(({ opcode }) => opcode),
        ['GENERAL_REQUEST_START', 'MODULE_SET_RESPONSE_ERROR_STATUS', 'GENERAL_REQUEST_END'],
      )
      assert.match(events[1]?.data['ConfigExceptionInfo'] ?? '', /bin/)
    })
  })

  it('are those of the codes, paths and durations that the configuration names, and no others', async () => {
    const shapes = [
      site(tracing('statusCodes="401.3, 404"')),
      site(tracing('statusCodes="404"', '*.gif')),
      site(tracing('timeTaken="00:00:30"')),
      site(app),
    ]
    await served(shapes, async (worker) => {
      for (const number of [1, 2, 3, 4])
        for (const url of ['/none.htm', '/a.txt', '/none.gif']) await worker.ask(url, { site: number })
      await until(() => tracesOf(worker).length === 2 && tracesOf(worker, 2).length === 1, 'the traces are there')
      assert.deepEqual([tracesOf(worker, 3), tracesOf(worker, 4)], [[], []])
    })
  })

  it('are kept to the number that the site keeps, the newest of them', async () => {
    await served([site(tracing('statusCodes="404"'))], async (worker) => {
      for (let time = 1; time <= 5; time++) {
        await worker.ask('/none')
        await traceOf(worker, `fr00000${time}.xml`)
      }
      const kept = ['fr000003.xml', 'fr000004.xml', 'fr000005.xml']
      await until(() => tracesOf(worker).join() === kept.join(), 'the newest three are left')
    })
  })

  it('are no reason to answer otherwise: a configuration that nobody can read is 500.19', async () => {
    const wrong = site(tracing('statusCodes="all"'))
    await served([wrong], async (worker) => {
      const { code, body } = await worker.ask('/a.txt', { from: '10.0.0.4' })
      assert.equal(code, '500.19')
      assert.match(body, /statusCodes.*400-599 or 401\.3/)
    })
  })
})

describe('a request has failed', () => {
  const second = 1_000
  const cases: readonly (readonly [codes: string, timeTaken: number, code: string, takenMs: number, why?: string])[] = [
    ['400-599', 0, '400.0', 0, 'STATUS_CODE'],
    ['400-599', 0, '599.9', 0, 'STATUS_CODE'],
    ['400-599', 0, '399.0', 0],
    ['401.3,500', 0, '401.3', 0, 'STATUS_CODE'],
    ['401.3,500', 0, '401.1', 0],
    ['401.3,500', 0, '500.19', 0, 'STATUS_CODE'],
    ['', 10 * second, '200.0', 10 * second, 'TIME_TAKEN'],
    ['', 10 * second, '200.0', 10 * second - 1],
    ['', 0, '200.0', 3_600 * second],
    ['500', 10 * second, '500.0', 20 * second, 'STATUS_CODE'],
  ]
  for (const [statusCodes, timeTaken, code, takenMs, why] of cases)
    it(`${why ? `for ${why}` : 'not'}: ${code} after ${takenMs} ms, where ${statusCodes || 'no code'} and ${timeTaken} ms count`, () => {
      const [status = 0, subStatus = 0] = code.split('.').map(Number)
      const rule = { failureDefinitions: { statusCodes, timeTaken, verbosity: 'Warning' } } as TraceRule
      assert.equal(failureOf(rule, { status, subStatus, takenMs }), why)
    })
})
