/** What a stranger tries: run under another account. Its argument is JSON, its output too. */
import { readdirSync, readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'

const { requests, files, sockets, directory } = JSON.parse(process.argv[2])

/** The status of the answer, or the error's code. */
function ask({ url, method = 'GET', headers = {}, body = '' }) {
  const { request } = url.startsWith('https:') ? https : http
  return new Promise((resolve) => {
    const sent = request(
      url,
      { method, headers, agent: false, rejectUnauthorized: false, timeout: 20_000 },
      (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      },
    )
    sent.once('timeout', () => sent.destroy(new Error('no answer')))
    sent.once('error', (error) => resolve(error.code ?? error.message))
    sent.end(body)
  })
}

function reads(path) {
  try {
    readFileSync(path)
    return true
  } catch {
    return false
  }
}

function connects(path) {
  return new Promise((resolve) => {
    const socket = connect(path, () => resolve(true))
    socket.once('error', () => resolve(false))
  })
}

/** What can be found without knowing any name. */
function walk(path) {
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
      const below = join(path, entry.name)
      return entry.isDirectory() ? walk(below) : reads(below) ? [below] : []
    })
  } catch {
    return []
  }
}

const statuses = []
for (const request of requests) statuses.push(await ask(request))
const opened = []
for (const path of sockets) if (await connects(path)) opened.push(path)
process.stdout.write(
  JSON.stringify({ statuses, read: [...new Set([...files.filter(reads), ...walk(directory)])], opened }),
)
process.exit()
