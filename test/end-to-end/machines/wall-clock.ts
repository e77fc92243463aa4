import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../house.ts'
import type { Computer } from './lan.ts'

const compiler = '/usr/bin/cc'

/** Value of `skip` for tests that take it; on a machine that decides whether a change lands it has to be there. */
export const withoutWallClock =
  existsSync(compiler) || process.env['CI'] === 'true' ? false : 'no C compiler is installed (Debian: gcc libc6-dev)'

/** A computer's own CLOCK_REALTIME, which all its programs read that ask the C library: of Reddog's parts all but etcd. */
export interface WallClock {
  /** Sets it, at once for all that run: so many seconds before or behind the others'. */
  set(seconds: number): void
}

const source = join(root, 'test/end-to-end/machines/scripted/wall-clock.c')

/** Where the computer has library and offset, and its guests with it, for they see its /etc. */
const there = '/etc/wall-clock'

/**
 * Gives the computer a clock, until it loses power; what runs there already has none. (libfaketime moves the monotonic clock too, unless every process
 * is told not to by its environment, which Reddog's parts have none of.)
 */
export async function giveWallClock(computer: Computer): Promise<WallClock> {
  const etc = join(computer.directory, 'etc')
  const offset = join(etc, 'wall-clock/offset')
  mkdirSync(join(etc, 'wall-clock'), { recursive: true })
  const set = (seconds: number) => writeFileSync(offset, bytesOf(seconds), { flag: existsSync(offset) ? 'r+' : 'w' })
  set(0)
  const library = join(etc, 'wall-clock/wall-clock.so')
  const words = ['-O2', '-Wall', '-Werror', '-shared', '-fPIC', `-DOFFSET_FILE="${there}/offset"`, '-o', library]
  execFileSync(compiler, [...words, source], { stdio: ['ignore', 'ignore', 'inherit'] })
  writeFileSync(join(etc, 'ld.so.preload'), `${there}/wall-clock.so\n`)
  const { code, stderr } = await computer.run('sh', ['-ec', layEtcOver, 'sh', etc])
  if (code !== 0) throw new Error(`${computer.name} has no clock of its own: ${stderr}`)
  return { set }
}

/** An overlay of its /etc shows none of the files that are mounted there, so these are copied. */
const layEtcOver = `
for file in machine-id hosts hostname resolv.conf; do cat /etc/$file > $1/$file || true; done
mount -t overlay -o ro,lowerdir=$1:/etc overlay /etc
mount --bind $1/wall-clock /etc/wall-clock
`

function bytesOf(seconds: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(BigInt(seconds))
  return bytes
}
