import type { SectionInForce } from '../handler.ts'
import type { HeaderList } from '../rewrite/looking.ts'

/** `customHeaders` on an answer, beside its own fields; `redirectHeaders` on a redirect (I-62). */
export function withCustomHeaders(headers: HeaderList, status: number, section: SectionInForce): HeaderList {
  const { customHeaders, redirectHeaders } = section('httpProtocol')
  const isRedirect = status >= 300 && status < 400 && status !== 304
  const own = [...customHeaders.items, ...(isRedirect ? redirectHeaders.items : [])]
  const isName = (name: string) => /^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name)
  const added = own
    .filter(({ name }) => isName(name))
    .map(({ name, value }) => [name, value.replace(/[^\t\x20-\x7e\x80-\xff]+/g, ' ')] as const)
  return [...headers, ...added]
}
