import assert from 'node:assert/strict'
import http from 'node:http'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fastCgi } from '../../../../src/role/w3wp/handlers/fast-cgi/driver.ts'
import { onPath } from '../../../../src/role/w3wp/handlers/program/start-program.ts'
import { until } from '../../../until.ts'
import { rules, startWorker, webConfig } from '../worker.ts'
import { ask, openSite } from './site.ts'

const hasPhp = onPath('php-cgi', process.env['PATH'] ?? '')
const options = { skip: hasPhp ? false : 'this machine has no php-cgi: apt-get install php-cgi' }

const open = (
  context: TestContext,
  files: Readonly<Record<string, string>>,
  config = '',
  scriptProcessor = 'php-cgi',
) => openSite(context, { driver: fastCgi, modules: 'FastCgiModule', files, config, scriptProcessor })

const shown = `<?php
  header('X-Own: yes');
  echo json_encode(['server' => $_SERVER, 'get' => $_GET, 'post' => $_POST, 'input' => file_get_contents('php://input'), 'pid' => getmypid(), 'own' => getenv('OWN')]);`

const said = async (url: string, with_ = {}) => JSON.parse((await ask(url, with_)).body)

test('php-cgi answers for a script with what IIS tells of a request (I-32, I-45, I-51)', options, async (context) => {
  const site = await open(context, { 'a/index.php': shown }, '', 'C:\\PHP\\php-cgi.exe')
  const headers = {
    'X-Odd': 'a',
    X_Odd: 'forged',
    Proxy: 'http://evil',
    'X-Original-URL': '/forged',
    Host: 'shop.example:8080',
  }
  const { server, get } = await said(`${site.url}/a/index.php/more/of%20it?x=1&y=%C3%A4`, { headers })
  const wanted = {
    SCRIPT_NAME: '/a/index.php',
    SCRIPT_FILENAME: join(site.directory, 'a/index.php'),
    PATH_INFO: '/more/of it',
    REQUEST_URI: '/a/index.php/more/of%20it?x=1&y=%C3%A4',
    QUERY_STRING: 'x=1&y=%C3%A4',
    DOCUMENT_ROOT: site.directory,
    APPL_PHYSICAL_PATH: `${site.directory}/`,
    SERVER_NAME: 'shop.example',
    SERVER_PORT: '80',
    SERVER_PROTOCOL: 'HTTP/1.1',
    REMOTE_ADDR: '203.0.113.7',
    HTTPS: 'off',
    HTTP_X_ODD: 'a',
    HTTP_HOST: 'shop.example:8080',
    HTTP_PROXY: undefined,
    HTTP_X_ORIGINAL_URL: undefined,
    IIS_WasUrlRewritten: undefined,
  }
  assert.deepEqual(Object.fromEntries(Object.keys(wanted).map((name) => [name, server[name]])), wanted)
  assert.deepEqual(get, { x: '1', y: 'ä' })
})

test(
  'what is no ASCII comes as the bytes that the client has sent, and decoded paths in UTF-8',
  options,
  async (context) => {
    const hex =
      '<?php echo json_encode(array_map("bin2hex", array_intersect_key($_SERVER, array_flip(explode(",", $_GET["of"])))));'
    const site = await open(context, { 'ä/index.php': hex })
    const bytes = (text: string) => Buffer.from(text).toString('latin1')
    const of = 'HTTP_X_UTF8,HTTP_X_LATIN1,CONTENT_TYPE,SCRIPT_NAME,PATH_INFO'
    const headers = { 'X-Utf8': bytes('日é'), 'X-Latin1': '\xe9', 'Content-Type': `text/${bytes('é')}` }
    const shown = Object.entries(await said(`${site.url}/%C3%A4/index.php/%C3%BC?of=${of}`, { headers })).map(
      ([name, value]) => [name, Buffer.from(String(value), 'hex').toString('latin1')],
    )
    assert.deepEqual(Object.fromEntries(shown), {
      HTTP_X_UTF8: bytes('日é'),
      HTTP_X_LATIN1: '\xe9',
      CONTENT_TYPE: `text/${bytes('é')}`,
      SCRIPT_NAME: bytes('/ä/index.php'),
      PATH_INFO: bytes('/ü'),
    })
  },
)

test('what a rule takes from a decoded path into the query is UTF-8 there', options, async (context) => {
  const rule =
    '<rule name="r"><match url="^of/(.*)"/><action type="Rewrite" url="index.php?q={R:1}" appendQueryString="false"/></rule>'
  const worker = await startWorker([{ files: { ...rules(rule), 'index.php': '<?php echo $_GET["q"];' } }])
  context.after(worker.close)
  for (const text of ['é', 'é日', 'a']) assert.equal((await worker.ask(`/of/${encodeURIComponent(text)}`)).body, text)
})

/** A program of FastCGI by itself, as wfastcgi.py is one: it says what it is told of the request. */
const python = `import socket, struct
listening = socket.socket(fileno=0)
def exactly(stream, count):
    found = stream.read(count)
    if len(found) < count: raise EOFError
    return found
def length(data, at):
    return (data[at], at + 1) if data[at] < 128 else (struct.unpack('>I', data[at:at + 4])[0] & 0x7fffffff, at + 4)
while True:
    connection, _ = listening.accept()
    stream, data, params = connection.makefile('rb'), b'', {}
    try:
        while True:
            _, kind, request, size, padding, _ = struct.unpack('>BBHHBB', exactly(stream, 8))
            content = exactly(stream, size + padding)[:size]
            if kind == 4: data += content
            if kind == 5 and size == 0: break
        at = 0
        while at < len(data):
            name, at = length(data, at)
            value, at = length(data, at)
            params[data[at:at + name]] = data[at + name:at + name + value]
            at += name + value
        names = (b'SCRIPT_NAME', b'PATH_INFO', b'HTTP_X_ORIGINAL_URL')
        said = b'Content-Type: text/plain\\r\\n\\r\\n' + b' '.join(params.get(name, b'-') for name in names)
        connection.sendall(struct.pack('>BBHHBB', 1, 6, 1, len(said), 0, 0) + said + struct.pack('>BBHHBB', 1, 3, 1, 8, 0, 0) + bytes(8))
    except EOFError: pass
    connection.close()
`

test('a program with one name or all paths needs no file of that name, as that of Python has none (I-45)', async (context) => {
  const handler = (path: string, more = '') =>
    `<handlers><add name="python" path="${path}" verb="*" modules="FastCgiModule" scriptProcessor="python3|app.py" ${more}/></handlers>`
  const files = { 'app.py': python, 'static/a.txt': 'a' }
  const route =
    '<rewrite><rules><rule name="all"><match url="(.*)"/><action type="Rewrite" url="handler.fcgi/{R:1}"/></rule></rules></rewrite>'
  const worker = await startWorker([
    { files: { ...files, ...webConfig(`${handler('handler.fcgi', 'resourceType="Unspecified"')}${route}`) } },
    { files: { ...files, ...webConfig(handler('*')) } },
    { files: { ...files, ...webConfig(handler('handler.fcgi')) } },
    { files: { ...files, ...webConfig(handler('*.fcgi')) } },
    { files: { ...files, ...webConfig(handler('handler.fcgi', 'resourceType="File"')) } },
  ])
  context.after(worker.close)
  const asked = async (site: number, url: string) => {
    const { code, body } = await worker.ask(url, { site })
    return code === '200.0' ? body : code
  }
  assert.equal(await asked(1, '/a/b?c=1'), '/handler.fcgi /a/b /a/b?c=1')
  assert.equal(await asked(1, '/'), '/handler.fcgi / /')
  assert.equal(await asked(2, '/a/b'), '/a/b /a/b -')
  assert.equal(await asked(2, '/static/a.txt'), '/static/a.txt /static/a.txt -')
  assert.equal(await asked(3, '/handler.fcgi'), '/handler.fcgi - -')
  assert.equal(await asked(3, '/static/a.txt/handler.fcgi'), '404.0')
  assert.equal(await asked(4, '/handler.fcgi'), '404.0')
  assert.equal(await asked(4, '/static/a.txt/x.fcgi'), '404.0')
  assert.equal(await asked(5, '/handler.fcgi'), '404.0')
})

test(
  'bodies go through with a length and in chunks, and so do status, redirects and HEAD',
  options,
  async (context) => {
    const site = await open(context, {
      'index.php': shown,
      'gone.php': '<?php http_response_code(410); echo "gone";',
      'to.php': '<?php header("Location: /there");',
      'large.php': '<?php for ($i = 0; $i < 2000; $i++) echo str_repeat("0123456789", 1000);',
    })
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
    assert.deepEqual(
      (
        await said(`${site.url}/index.php`, {
          method: 'POST',
          body: 'a=1&b=2',
          headers: { ...form, 'Content-Length': 7 },
        })
      ).post,
      { a: '1', b: '2' },
    )
    const chunked = await said(`${site.url}/index.php`, {
      method: 'POST',
      body: 'a=1&b=3',
      headers: { ...form, 'Transfer-Encoding': 'chunked' },
    })
    assert.deepEqual([chunked.post, chunked.server.CONTENT_LENGTH], [{ a: '1', b: '3' }, '7'])
    const input = await said(`${site.url}/index.php`, { method: 'PUT', body: 'ö'.repeat(200_000) })
    assert.equal(input.input.length, 200_000)
    const gone = await ask(`${site.url}/gone.php`)
    assert.deepEqual([gone.status, gone.body], [410, 'gone'])
    const to = await ask(`${site.url}/to.php`)
    assert.deepEqual([to.status, to.headers.location], [302, '/there'])
    const head = await ask(`${site.url}/index.php`, { method: 'HEAD' })
    assert.deepEqual([head.status, head.body, head.headers['x-own']], [200, '', 'yes'])
    assert.equal((await ask(`${site.url}/large.php`)).body.length, 20_000_000)
    assert.equal((await ask(`${site.url}/none.php`)).status, 404)
  },
)

test(
  'the settings of the application rule its programs: their number, their requests, their environment (I-32)',
  options,
  async (context) => {
    const config = `<fastCgi><application fullPath="php-cgi" arguments="-d foo=bar" maxInstances="2" instanceMaxRequests="2">
    <environmentVariables><environmentVariable name="OWN" value="mine"/></environmentVariables></application></fastCgi>`
    const slow = '<?php while (!file_exists("go")) usleep(20000); echo getmypid();'
    const site = await open(context, { 'index.php': shown, 'slow.php': slow }, config, 'PHP-CGI|-d foo=bar')
    const first = await said(`${site.url}/index.php`)
    assert.equal(first.own, 'mine')
    assert.equal((await said(`${site.url}/index.php`)).pid, first.pid)
    assert.notEqual((await said(`${site.url}/index.php`)).pid, first.pid)
    const under = [1, 2, 3, 4].map(async () => (await ask(`${site.url}/slow.php`)).body)
    await until(() => site.processes().length === 2, 'two programs')
    site.write({ go: '' })
    const pids = await Promise.all(under)
    assert.ok(new Set(pids).size >= 2)
  },
)

/** What a user sees of a script that goes wrong. */
const bad: readonly (readonly [name: string, script: string, seen: string, sentence: RegExp])[] = [
  ['kills itself before it answers', '<?php posix_kill(getmypid(), 9);', '500', /it ended with signal SIGKILL/],
  [
    'kills itself in its answer',
    '<?php echo str_repeat("x", 100000); flush(); posix_kill(getmypid(), 9);',
    'cut',
    /^$/,
  ],
  [
    'has a huge head',
    '<?php for ($i = 0; $i < 100; $i++) header("X-$i: " . str_repeat("x", 1000)); echo "body";',
    '500',
    /longer than 65536 bytes/,
  ],
]

for (const [name, script, seen, sentence] of bad)
  test(`a script that ${name}: ${seen}, and the next request is served`, options, async (context) => {
    const site = await open(context, { 'bad.php': script, 'good.php': '<?php echo "fine";' })
    const answer = await ask(`${site.url}/bad.php`).catch(() => undefined)
    assert.equal(answer ? String(answer.status) : 'cut', seen)
    assert.match(answer?.detail ?? '', sentence)
    assert.equal((await ask(`${site.url}/good.php`)).body, 'fine')
  })

test('a client that goes takes the program with it, which may be at it for long', options, async (context) => {
  const site = await open(context, {
    'hang.php': '<?php touch("begun"); while (true) usleep(100000);',
    'good.php': '<?php echo file_exists("begun") ? "yes" : "no";',
  })
  const request = http.get(`${site.url}/hang.php`, { agent: false })
  request.on('error', () => {})
  await until(async () => (await ask(`${site.url}/good.php`)).body === 'yes', 'the script has begun')
  request.destroy()
  await until(() => site.processes().length === 1, 'its program has ended')
})

/** Programs that are no FastCGI, or not for long. */
const programs: readonly (readonly [name: string, processor: string, status: number, sentence: RegExp])[] = [
  ['is none', 'C:\\Tools\\Answer.exe', 500, /"C:\/Tools\/Answer\.exe" is a program for Windows and cannot run here/],
  [
    'ends at once',
    'sh|-c "echo out of order >&2; exit 4"',
    500,
    /it ended with exit code 4 and wrote last: out of order/,
  ],
  ['talks something else', 'python3|talk.py', 500, /no FastCGI/],
]

for (const [name, processor, status, sentence] of programs)
  test(`a program of FastCGI that ${name} is ${status} with a sentence`, async (context) => {
    const talk =
      'import socket, sys\ns = socket.socket(fileno=0)\nwhile True:\n    c, _ = s.accept()\n    c.sendall(b"HTTP/1.1 200 OK\\r\\n\\r\\n")\n    c.recv(1)\n    c.close()\n'
    const site = await open(context, { 'a.php': '', 'talk.py': talk }, '', processor)
    const answer = await ask(`${site.url}/a.php`)
    assert.equal(answer.status, status)
    assert.match(answer.detail, sentence)
  })
