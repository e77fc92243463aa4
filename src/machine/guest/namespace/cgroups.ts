import { existsSync, globSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { GuestSize } from '../driver.ts'
import { type Limit, limitsOf, weights } from './limits.ts'

const mount = '/sys/fs/cgroup'

/** The kernel lets a group go a moment after its last process has. */
const attempts = 100
const attemptMs = 5

/** Which tree of control groups can hold guests here: 2 where that has the controllers, else 1; undefined where neither can be written. */
export function cgroupVersion(): 1 | 2 | undefined {
  const has = (controllers: string) =>
    ['memory', 'pids', 'cpu'].every((name) => controllers.split(/\s+/).includes(name))
  const second = join(mount, 'cgroup.controllers')
  if (existsSync(second)) return has(readFileSync(second, 'utf8')) && mayMake(mount) ? 2 : undefined
  return ['memory', 'pids', 'cpu'].every((name) => mayMake(join(mount, name))) ? 1 : undefined
}

/** Makes the group of a guest below that of its host, with the limits of its size, and puts the process into it. */
export function joinCgroup(host: string, guest: string, size: GuestSize, pid: number): void {
  const version = cgroupVersion()
  if (version === undefined) return
  const limits = limitsOf(size, version)
  for (const { controller, file, value } of limits) {
    const group = join(version === 1 ? join(mount, controller) : mount, host, guest)
    mkdirSync(group, { recursive: true })
    if (version === 2) delegate(group, limits)
    writeFileSync(join(group, file), value)
    writeFileSync(join(group, 'cgroup.procs'), String(pid))
  }
  weigh(host)
}

/** Removes the group of a guest whose processes have ended; quietly nothing when there is none. */
export async function leaveCgroup(host: string, guest: string): Promise<void> {
  for (const group of groupsAt(join(host, guest))) await removeGroup(group)
  weigh(host)
}

/** A host's group counts for as much as its guests together: with a default weight it would count for one process, whatever runs in it. */
function weigh(host: string): void {
  for (const { file, most } of Object.values(weights))
    for (const group of groupsAt(host).filter((path) => existsSync(join(path, file)))) {
      const guests = globSync(join(group, '*', file)).map((path) => Number(readFileSync(path, 'utf8')))
      const together = guests.reduce((sum, weight) => sum + weight, 0)
      if (together > 0) writeFileSync(join(group, file), String(Math.min(together, most)))
    }
}

/** Removes the group of a host, with the rest of its guests' groups. */
export async function removeCgroups(host: string): Promise<void> {
  for (const group of [...groupsAt(join(host, '*')), ...groupsAt(host)]) await removeGroup(group)
}

/** The same path in the tree of version 2 and in each of version 1. */
function groupsAt(path: string): readonly string[] {
  return globSync([`${mount}/${path}/cgroup.procs`, `${mount}/*/${path}/cgroup.procs`]).map(dirname)
}

async function removeGroup(group: string): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    try {
      return rmdirSync(group)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT') return
      if (code !== 'EBUSY') throw error
      await delay(attemptMs)
    }
  }
  throw new Error(`The control group ${group} has processes that do not end.`)
}

/** In version 2 a group has the controllers that those above it pass on. */
function delegate(group: string, limits: readonly Limit[]): void {
  const words = limits.map(({ controller }) => `+${controller}`).join(' ')
  for (const above of [mount, dirname(group)]) writeFileSync(join(above, 'cgroup.subtree_control'), words)
}

function mayMake(directory: string): boolean {
  const probe = join(directory, `reddog-probe-${process.pid}`)
  try {
    mkdirSync(probe)
    rmdirSync(probe)
    return true
  } catch {
    return false
  }
}
