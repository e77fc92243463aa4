import { useCallback, useState } from 'react'

/** A form's request on its way, and why it was refused. */
export function useSending() {
  const [isSending, setIsSending] = useState(false)
  const [error, setError] = useState<Error>()
  /** Sends; whatever is thrown is kept for the form to show. Whether it went through. */
  const send = useCallback(async (request: () => Promise<void>): Promise<boolean> => {
    setIsSending(true)
    setError(undefined)
    try {
      await request()
      return true
    } catch (thrown) {
      setError(thrown instanceof Error ? thrown : new Error(String(thrown)))
      return false
    } finally {
      setIsSending(false)
    }
  }, [])
  return { isSending, error, send }
}
