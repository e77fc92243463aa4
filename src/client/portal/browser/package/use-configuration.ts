import { useCallback, useState } from 'react'
import type { ChosenBlob } from './blob-browser.tsx'
import { blobContent } from './gateway-blobs.ts'
import { type BroughtText, textOfBytes, textOfFile } from './text-file.ts'

/** A configuration on its way into a form, or there. */
export type ConfigurationState =
  | { readonly kind: 'none' }
  | { readonly kind: 'reading'; readonly name: string }
  | { readonly kind: 'there'; readonly name: string; readonly text: string }
  | { readonly kind: 'unfit'; readonly name: string; readonly fault: NonNullable<BroughtText['fault']> }
  | { readonly kind: 'refused'; readonly name: string; readonly error: Error }

export function useConfigurationFile() {
  const [state, setState] = useState<ConfigurationState>({ kind: 'none' })

  const bring = useCallback((name: string, bringing: Promise<BroughtText>) => {
    const reading: ConfigurationState = { kind: 'reading', name }
    // What was chosen later stays.
    const settle = (next: ConfigurationState) => setState((now) => (now === reading ? next : now))
    setState(reading)
    bringing.then(
      ({ fault, ...found }) =>
        settle(
          fault === undefined
            ? { kind: 'there', name, text: (found as { readonly text: string }).text }
            : { kind: 'unfit', name, fault },
        ),
      (error: unknown) => settle({ kind: 'refused', name, error: error as Error }),
    )
  }, [])

  return {
    state,
    text: state.kind === 'there' ? state.text : undefined,
    upload: useCallback((file: File) => bring(file.name, textOfFile(file)), [bring]),
    choose: useCallback(
      ({ container, name }: ChosenBlob) => bring(name, blobContent(container, name).then(textOfBytes)),
      [bring],
    ),
    clear: useCallback(() => setState({ kind: 'none' }), []),
  }
}

export type FormConfiguration = ReturnType<typeof useConfigurationFile>
