/** Reads and writes the cookie of a session. Cookies know no ports, so the name has it: two portals of one machine do not sign each other out. */
export interface SessionCookie {
  /** Every value that the request brings under the name: another program of the machine may have set one too. */
  read(header: string | undefined): readonly string[]
  /** The Set-Cookie of a session that begins. */
  set(value: string): string
  /** That of one that has ended. */
  readonly clear: string
}

/** Most values of one name that are looked at: more than another program can set, one for each beginning of the longest path of the API. */
const mostValues = 64

export function sessionCookie(port: number, isSecure: boolean): SessionCookie {
  // Browsers let only our own host set one of this beginning, and only over https.
  const name = `${isSecure ? '__Host-' : ''}reddog-portal-${port}`
  const attributes = `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
  return {
    read: (header = '') =>
      header
        .split(';')
        .map((part) => part.trim().split('='))
        .filter(([found, value = '']) => found === name && /^[\w-]{43}$/.test(value))
        .map(([, value]) => value as string)
        .slice(0, mostValues),
    set: (value) => `${name}=${value}; ${attributes}`,
    clear: `${name}=; Max-Age=0; ${attributes}`,
  }
}
