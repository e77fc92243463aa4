import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Dropdown,
  Field,
  type FieldProps,
  Input,
  makeStyles,
  Option,
  tokens,
} from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { ApiRefusal } from '../../../service-management/api.ts'
import { useManagement } from '../connection/connection.tsx'
import { servicePath } from '../form/slot.ts'
import { useAsking } from '../operations/asking.ts'
import { Refusal } from '../operations/refusal.tsx'

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
})

/** Longest name, which is a label of the Domain Name System (RFC 1035 2.3.4). */
const longestName = 63

/** Longest label. */
const longestLabel = 100

/** Asks for what a cloud service needs, and creates it. */
export function CreateService({ onClose }: { readonly onClose: () => void }) {
  const styles = useStyles()
  const { t } = useTranslation('services')
  const management = useManagement()
  const navigate = useNavigate()
  const { ask, isBusy, refusal } = useAsking()
  const [name, setName] = useState('')
  const [label, setLabel] = useState('')
  const { data: locations = [] } = useQuery({ queryKey: ['locations'], queryFn: () => management.locations() })
  const [location = locations[0] ?? '', setLocation] = useState<string>()
  const availability = useAvailability(name)

  const create = (event: FormEvent) => {
    event.preventDefault()
    const wanted = { location: location === '' ? undefined : location, label: label === '' ? undefined : label }
    const request = {
      title: t('create.title'),
      async send() {
        await management.createService(name, wanted)
        return ''
      },
    }
    void ask(request).then((accepted) => accepted && navigate(servicePath(name)))
  }

  return (
    <Dialog open modalType="alert" onOpenChange={onClose}>
      <DialogSurface>
        <form onSubmit={create}>
          <DialogBody>
            <DialogTitle>{t('create.title')}</DialogTitle>
            <DialogContent className={styles.content}>
              <Field label={t('create.name')} required hint={t('create.nameHint')} {...availability.field}>
                <Input
                  value={name}
                  maxLength={longestName}
                  autoComplete="off"
                  spellCheck={false}
                  onChange={(_, { value }) => setName(value)}
                />
              </Field>
              <Field label={t('create.location')}>
                <Dropdown
                  value={location}
                  selectedOptions={[location]}
                  onOptionSelect={(_, { optionValue }) => setLocation(optionValue)}
                >
                  {locations.map((one) => (
                    <Option key={one}>{one}</Option>
                  ))}
                </Dropdown>
              </Field>
              <Field label={t('create.label')} hint={t('create.labelHint')}>
                <Input value={label} maxLength={longestLabel} onChange={(_, { value }) => setLabel(value)} />
              </Field>
              <Refusal refusal={refusal} />
            </DialogContent>
            <DialogActions>
              <Button type="submit" appearance="primary" disabled={!availability.isFree || isBusy}>
                {t('create.confirm')}
              </Button>
              <Button onClick={onClose}>{t('cancel', { ns: 'shell' })}</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  )
}

/** What the API says of the name (C-6), each time it has been typed. */
function useAvailability(typed: string): { readonly isFree: boolean; readonly field: FieldProps } {
  const { t } = useTranslation('services')
  const management = useManagement()
  const name = useDeferredValue(typed)
  const { data: why, isSuccess } = useQuery({
    queryKey: ['name', name],
    enabled: name !== '',
    // What is free now may be taken the next time that it is asked.
    staleTime: 0,
    gcTime: 0,
    queryFn: async () => {
      try {
        return (await management.nameTaken(name)) ?? null
      } catch (error) {
        if (error instanceof ApiRefusal) return error.message
        throw error
      }
    },
  })
  if (typed === '') return { isFree: false, field: {} }
  if (!isSuccess || name !== typed)
    return { isFree: false, field: { validationMessage: t('create.checking'), validationState: 'none' } }
  return why === null
    ? { isFree: true, field: { validationMessage: t('create.free'), validationState: 'success' } }
    : { isFree: false, field: { validationMessage: { children: why, lang: 'en' }, validationState: 'error' } }
}
