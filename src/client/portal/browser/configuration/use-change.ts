import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { UpdateMode } from '../../../service-management/updates.ts'
import { useManagement } from '../connection/connection.tsx'
import { slotPath } from '../form/slot.ts'
import { useFormPlace } from '../form/use-form-place.ts'
import { useSending } from '../form/use-sending.ts'
import { useBegin } from '../operations/operations.tsx'

/**
 * How a change of configuration is carried out, and its request. A manual update that is active would be taken over (U-42), and an
 * automatic change would walk all domains that somebody holds back by hand: then the mode has to be chosen.
 */
export function useChange(activeUpdate: UpdateMode | undefined) {
  const { t } = useTranslation('configuration')
  const { service, slot } = useFormPlace()
  const management = useManagement()
  const begin = useBegin()
  const navigate = useNavigate()
  const { isSending, error, send } = useSending()
  const [chosen, setChosen] = useState<'Auto' | 'Manual'>()
  const [isSimultaneous, setIsSimultaneous] = useState(false)
  const [treatWarningsAsError, setTreatWarningsAsError] = useState(false)
  const takesOver = activeUpdate === 'Manual'
  const walked = chosen ?? (takesOver ? undefined : 'Auto')
  const mode: UpdateMode | undefined = isSimultaneous ? 'Simultaneous' : walked
  const start = (text: string) =>
    void send(async () => {
      if (mode === undefined) return
      const configuration = new TextEncoder().encode(text)
      await begin({
        title: t('notice', { service }),
        send: () => management.changeConfiguration(service, slot, { configuration, mode, treatWarningsAsError }),
      })
      await navigate(slotPath(service, slot, 'update'))
    })
  return {
    mode,
    walked,
    takesOver,
    isSimultaneous,
    treatWarningsAsError,
    isSending,
    error,
    setChosen,
    setIsSimultaneous,
    setTreatWarningsAsError,
    start,
  }
}

export type Change = ReturnType<typeof useChange>
