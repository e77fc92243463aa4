// A worker role that keeps the book of orders: the web role asks it at its internal endpoint, nobody else can.
import { appendFile, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { RoleEnvironment } from 'reddog/runtime'

/** Local storage, which outlives the role and not the instance: a real shop has a storage account. */
const book = () => join(RoleEnvironment.getLocalResource('Book').rootPath, 'orders.txt')

async function orders() {
  const written = await readFile(book(), 'utf8').catch(() => '')
  return written.split('\n').filter((line) => line !== '')
}

const server = createServer(async (request, response) => {
  try {
    if (request.method === 'POST') await appendFile(book(), `${await text(request)}\n`)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(await orders()))
  } catch (error) {
    console.error(error)
    response.writeHead(500).end()
  }
})

export default {
  async onStart() {
    const { endpoints } = RoleEnvironment.currentRoleInstance
    const { port } = endpoints.find(({ name }) => name === 'Book')
    await new Promise((resolve, reject) => server.once('error', reject).listen(port, resolve))
    return true
  },
  // Never ends: a Run that returns recycles the role.
  run: () => new Promise(() => {}),
  onStop: () => new Promise((resolve) => server.close(resolve)),
}
