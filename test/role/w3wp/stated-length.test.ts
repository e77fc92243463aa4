/** Answers of programs that state another length than they have, to requests with a body: the listener asks w3wp by HTTP for those, on kept connections. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { onPath } from '../../../src/role/w3wp/handlers/program/start-program.ts'
import { type Listener, startListener } from '../../guest/w3svc/listener.ts'
import { until } from '../../until.ts'
import { startWorker, type Worker } from './worker.ts'

const hasPhp = onPath('php-cgi', process.env['PATH'] ?? '')
const options = { skip: hasPhp ? false : 'this machine has no php-cgi: apt-get install php-cgi' }

const files = {
  'own.php': '<?php echo "own";',
  'short.php': '<?php header("Content-Length: 10"); echo "abc";',
  // What follows comes when the answer is whole, and is read as one.
  'long.php': `<?php header('Content-Length: 3'); while (ob_get_level()) ob_end_flush(); echo 'abc'; flush();
    while (!file_exists('go')) usleep(10000);
    echo "HTTP/1.1 200 OK\\r\\nContent-Length: 6\\r\\n\\r\\nforged"; flush(); touch('done');`,
}

describe('an answer to a request with a body that states another length than it has', options, () => {
  let worker: Worker
  let web: Listener
  before(async () => {
    worker = await startWorker([{ files }])
    web = await startListener({ socketPath: worker.socket, site: 1 })
  })
  after(async () => {
    await web.end()
    await worker.close()
  })

  const post = async (path: string) => {
    const limit = AbortSignal.timeout(30_000)
    return (await fetch(`http://127.0.0.1:${web.port}${path}`, { method: 'POST', body: 'x', signal: limit })).text()
  }

  it('is cut off when it is shorter, at its end', async () => {
    await assert.rejects(post('/short.php'), { name: 'TypeError' })
    assert.equal(await post('/own.php'), 'own')
  })

  it('ends where it was to end when it is longer, and what follows is no answer to another request', async () => {
    assert.equal(await post('/long.php'), 'abc')
    assert.equal(await post('/own.php'), 'own')
    worker.write(1, { go: '' })
    await until(() => existsSync(join(worker.directoryOf(1), 'done')), 'the script has written all')
    const others: string[] = []
    for (let at = 0; at < 10; at += 1) others.push(await post('/own.php'))
    assert.deepEqual(new Set(others), new Set(['own']))
  })
})
