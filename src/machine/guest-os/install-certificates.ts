import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** A request, two keys and some files: a process that takes longer hangs. */
const limitMs = 60_000

/** Runs the program that installs certificates, with that order on its standard input; rejects with the sentence that it ends with. */
export async function installCertificates(program: string, order: object): Promise<void> {
  const child = spawn(process.execPath, [program], {
    argv0: 'CertificateInstaller',
    stdio: ['pipe', 'ignore', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  })
  // It may end before it has read everything.
  child.stdin.on('error', () => {})
  child.stdin.end(JSON.stringify(order))
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  if (code === 0) return
  const sentence = said.trim().split('\n').at(-1)
  throw new Error(`The certificates cannot be installed: ${sentence || `CertificateInstaller ended with ${code}.`}`)
}
