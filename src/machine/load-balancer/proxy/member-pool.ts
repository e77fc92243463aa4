import type { RotationMember } from '../../../fabric/contract/rotation.ts'
import type { ProxyLimits } from './limits.ts'
import type { MemberConnection } from './member-connection.ts'
import { targetOf } from './route.ts'

/** Idle connections to members, for the next http message. */
export interface MemberPool {
  /** The connection used last: the others may then grow old and go. */
  take(member: RotationMember): MemberConnection | undefined
  /** Holds a connection, at most `keepMs` milliseconds, unless its member takes no new work. */
  give(connection: MemberConnection, keepMs: number): void
  /** Members that take new work; connections to all others are closed. */
  keepOnly(targets: ReadonlySet<string>): void
  close(): void
}

/** How often old connections are looked for, in milliseconds. Origin: choice; `take` looks at the age by itself. */
const sweepMs = 1_000

export function openMemberPool(limits: ProxyLimits): MemberPool {
  const idle = new Map<string, MemberConnection[]>()
  let kept: ReadonlySet<string> = new Set()
  const sweeper = setInterval(sweep, sweepMs).unref()

  function sweep(): void {
    const now = performance.now()
    for (const [target, connections] of idle) {
      const young = connections.filter((connection) => isUsable(connection, now) || end(connection))
      if (young.length > 0) idle.set(target, young)
      else idle.delete(target)
    }
  }

  return {
    take(member) {
      const connections = idle.get(targetOf(member))
      const now = performance.now()
      for (let last = connections?.pop(); last; last = connections?.pop()) {
        if (isUsable(last, now)) return last
        end(last)
      }
      return undefined
    },
    give(connection, keepMs) {
      const target = targetOf(connection.member)
      connection.user = undefined
      connection.reused = true
      connection.idleUntil = performance.now() + Math.min(keepMs, limits.memberIdleMs)
      // A slow client may have held its member back to the end: the next one's answer would never be read, nor that the member closes.
      if (connection.socket.isPaused()) connection.socket.resume()
      const connections = idle.get(target)
      if (!kept.has(target) || keepMs <= 0 || (connections?.length ?? 0) >= limits.idleMemberConnections)
        end(connection)
      else if (connections) connections.push(connection)
      else idle.set(target, [connection])
    },
    keepOnly(targets) {
      kept = targets
      for (const [target, connections] of idle)
        if (!targets.has(target)) {
          idle.delete(target)
          for (const connection of connections) end(connection)
        }
    },
    close() {
      clearInterval(sweeper)
      for (const connections of idle.values()) for (const connection of connections) end(connection)
      idle.clear()
    },
  }
}

function isUsable({ socket, idleUntil }: MemberConnection, now: number): boolean {
  return idleUntil > now && socket.writable && !socket.readableEnded
}

function end(connection: MemberConnection): false {
  connection.socket.destroy()
  return false
}
