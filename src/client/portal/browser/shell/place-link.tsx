import { Link } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useHref, useLinkClickHandler } from 'react-router'

/** A link to another page of the portal, which is shown without loading anew. */
export function PlaceLink({ to, children }: { readonly to: string; readonly children: ReactNode }) {
  return (
    <Link href={useHref(to)} onClick={useLinkClickHandler(to)}>
      {children}
    </Link>
  )
}
