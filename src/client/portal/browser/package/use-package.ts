import { useCallback, useEffect, useRef, useState } from 'react'
import type { BlobsAnswer, ExaminedPackageAnswer } from '../../protocol.ts'
import { examinePackage, removePackage } from './gateway-blobs.ts'
import { packageLimitBytes, uploadPackage } from './upload-package.ts'

/** A package on its way to the Blob service, or there. */
export type PackageState =
  | { readonly kind: 'none' }
  | { readonly kind: 'tooLarge' | 'empty'; readonly name: string }
  | { readonly kind: 'sending'; readonly name: string; readonly sentBytes: number; readonly sizeBytes: number }
  /** The gateway looks through it. */
  | { readonly kind: 'reading'; readonly name: string }
  | {
      readonly kind: 'there'
      readonly name: string
      readonly url: string
      readonly examined: ExaminedPackageAnswer
    }
  /** Nothing of it is there; `again` tries with the same file or blob. */
  | { readonly kind: 'refused'; readonly name: string; readonly error: Error; readonly again: () => void }

type Blob = BlobsAnswer['blobs'][number]

/** The package of a form. What was uploaded for it and is not used is removed when another one is chosen, and with the page. */
export function usePackage() {
  const [state, setState] = useState<PackageState>({ kind: 'none' })
  // What is under way is none of the page's looks: it is ended with the page.
  const current = useRef<{ drop: () => void }>({ drop: () => {} })

  const begin = useCallback((drop: () => void) => {
    current.current.drop()
    const mine = { drop }
    current.current = mine
    return () => current.current === mine
  }, [])
  useEffect(() => {
    const leave = ({ persisted }: PageTransitionEvent) => persisted || current.current.drop()
    addEventListener('pagehide', leave)
    return () => {
      removeEventListener('pagehide', leave)
      current.current.drop()
    }
  }, [])

  const upload = useCallback(
    (file: File) => {
      const name = file.name
      if (file.size === 0 || file.size > packageLimitBytes) {
        begin(() => {})
        setState({ kind: file.size === 0 ? 'empty' : 'tooLarge', name })
        return
      }
      let url: string | undefined
      const { done, abort } = uploadPackage(file, {
        sent: (sentBytes) => isCurrent() && setState({ kind: 'sending', name, sentBytes, sizeBytes: file.size }),
        allSent: () => isCurrent() && setState({ kind: 'reading', name }),
      })
      const isCurrent = begin(() => {
        abort()
        if (url !== undefined) void removePackage(url)
      })
      setState({ kind: 'sending', name, sentBytes: 0, sizeBytes: file.size })
      done.then(
        (answer) => {
          url = answer.url
          if (isCurrent()) setState({ kind: 'there', name, url: answer.url, examined: answer })
          else void removePackage(answer.url)
        },
        (error: Error) => isCurrent() && setState({ kind: 'refused', name, error, again: () => upload(file) }),
      )
    },
    [begin],
  )

  const choose = useCallback(
    ({ name, url }: Pick<Blob, 'name' | 'url'>) => {
      // What was uploaded for this form is listed too, and would be removed for what is chosen instead.
      if (state.kind === 'there' && state.url === url) return
      const isCurrent = begin(() => {})
      setState({ kind: 'reading', name })
      examinePackage(url).then(
        (examined) => isCurrent() && setState({ kind: 'there', name, url, examined }),
        (error: Error) => isCurrent() && setState({ kind: 'refused', name, error, again: () => choose({ name, url }) }),
      )
    },
    [begin, state],
  )

  const clear = useCallback(() => {
    begin(() => {})
    setState({ kind: 'none' })
  }, [begin])

  /** The operation has the package now: it stays when the page goes. The answer removes it, if it was uploaded for this. */
  const handOver = useCallback(() => {
    const { drop } = current.current
    current.current = { drop: () => {} }
    return drop
  }, [])

  return { state, upload, choose, clear, handOver }
}

export type FormPackage = ReturnType<typeof usePackage>
