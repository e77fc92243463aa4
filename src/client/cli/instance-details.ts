import type { Progress } from '../service-management/updates.ts'

/** The text for an instance beside its status: its guest's message, or that it has not been Ready for settleTime yet. */
export function detailsOf(
  { status, details, hasSettled }: Pick<Progress['instances'][number], 'status' | 'details' | 'hasSettled'>,
  { settleTime }: Progress['timers'],
): string {
  return details === '' && status === 'ReadyRole' && !hasSettled
    ? `Ready for less than ${settleTime / 1_000} s`
    : details
}
