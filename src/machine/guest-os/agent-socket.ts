import { rmSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { listening } from './json-lines.ts'

/** Between two looks whether an agent has initialised. */
const lookAgainMs = 50

/** Reports that this agent has initialised (P-5): it listens at its socket. The socket of an earlier agent is replaced. */
export async function sayReady(path: string): Promise<void> {
  rmSync(path, { force: true })
  await listening(
    createServer((socket) => socket.destroy()),
    path,
  )
}

/**
 * Ends this process, with success, where it is not to serve: with `/blockStartup` once another agent serves, and without it where one has
 * outlived the role's last start, with all signed-in users (P-24).
 */
export async function takeTurn(path: string, words: readonly string[]): Promise<void> {
  const waits = words.includes('/blockStartup')
  if (waits) await untilReady(path)
  if (waits || (await isReady(path))) process.exit(0)
}

/** Resolves when the agent has initialised, which the `/blockStartup` task waits for: one that dies before ends the start (P-8). */
async function untilReady(path: string): Promise<void> {
  while (!(await isReady(path))) await delay(lookAgainMs)
}

/** Whether an agent that has initialised lives. */
function isReady(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}
