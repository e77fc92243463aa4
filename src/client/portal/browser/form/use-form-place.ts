import { useParams } from 'react-router'
import { slotOf } from './slot.ts'

/** Service and slot that a page's address names. */
export function useFormPlace() {
  const { service = '', slot } = useParams()
  return { service, slot: slotOf(slot) }
}
