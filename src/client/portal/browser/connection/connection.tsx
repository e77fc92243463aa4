import { QueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react'
import { ApiRefusal } from '../../../service-management/api.ts'
import { openServiceManagement, type ServiceManagement } from '../../../service-management/service-management.ts'
import { hasSession } from '../shell/session.ts'
import { openGatewayApi } from './gateway-api.ts'
import { type LiveStream, openLiveStream } from './live-stream.ts'
import { openReader } from './reader.ts'

/** What the pages know of the fabric, and how they reach it. */
export interface Connection {
  readonly queries: QueryClient
  readonly management: ServiceManagement
  readonly live: LiveStream
  readonly standing: Standing
}

/** Whether there is a session, and whether the fabric answers. */
export interface Standing {
  readonly get: () => StandingNow
  readonly subscribe: (changed: () => void) => () => void
  readonly set: (now: Partial<StandingNow>) => void
}

export interface StandingNow {
  /** Undefined until the gateway has said. */
  readonly signedIn: boolean | undefined
  readonly reached: boolean
}

export function openConnection(): Connection {
  const standing = openStanding()
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        retry: retried,
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        // To compare a thousand instances with those before costs more than to show what the window has room for.
        structuralSharing: false,
      },
    },
  })
  const reader = openReader((seen) => queries.setQueryData(liveKey(seen.path), seen))
  const live = openLiveStream({
    seen: reader.read,
    forgotten(path) {
      reader.forget(path)
      queries.removeQueries({ queryKey: liveKey(path), exact: true })
    },
    reached: (reached) => standing.set({ reached }),
    refused: () =>
      void hasSession().then(
        (signedIn) => signedIn || standing.set({ signedIn }),
        () => {},
      ),
  })
  const api = openGatewayApi(() => standing.set({ signedIn: false }))
  return { queries, management: openServiceManagement(api), live, standing }
}

/** Where what is seen of a path is kept. */
export function liveKey(path: string): readonly [string, string] {
  return ['live', path]
}

/** A refusal is an answer; only what was not answered is asked for again. */
function retried(count: number, error: Error): boolean {
  return count < 3 && !(error instanceof ApiRefusal)
}

function openStanding(): Standing {
  let now: StandingNow = { signedIn: undefined, reached: true }
  const listeners = new Set<() => void>()
  return {
    get: () => now,
    subscribe(changed) {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    set(next) {
      if (Object.entries(next).every(([name, value]) => now[name as keyof StandingNow] === value)) return
      now = { ...now, ...next }
      for (const changed of listeners) changed()
    },
  }
}

const context = createContext<Connection | undefined>(undefined)

export function ConnectionProvider({
  connection,
  children,
}: {
  readonly connection: Connection
  readonly children: ReactNode
}) {
  return <context.Provider value={connection}>{children}</context.Provider>
}

export function useConnection(): Connection {
  const connection = useContext(context)
  if (!connection) throw new Error('A page stands outside of the connection.')
  return connection
}

export function useManagement(): ServiceManagement {
  return useConnection().management
}

export function useStanding(): StandingNow {
  const { subscribe, get } = useConnection().standing
  return useSyncExternalStore(subscribe, get)
}
