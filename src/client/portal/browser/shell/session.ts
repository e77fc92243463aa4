import { fetched, ownRequest } from '../connection/gateway-api.ts'

/** Whether this browser has a session with the gateway. */
export async function hasSession(): Promise<boolean> {
  return (await fetched('/session', { method: 'GET' })).ok
}

/** Signs in with a one-time link's token, or with the browser's certificate where the gateway asks for one. Whether it was let in. */
export async function signIn(token: string | undefined): Promise<boolean> {
  const response = await fetched('/session', {
    method: 'POST',
    headers: { ...ownRequest, 'content-type': 'application/json' },
    body: JSON.stringify(token === undefined ? {} : { token }),
  })
  return response.ok
}

export async function signOut(): Promise<void> {
  await fetched('/session', { method: 'DELETE', headers: ownRequest })
}

/** The token of a one-time link. It stands behind #, which no server and no log is sent, and is taken from the address at once. */
export function takeToken(): string | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get('sign-in') ?? undefined
  if (token !== undefined) history.replaceState(null, '', location.pathname + location.search)
  return token
}
