import { Checkbox, Field, Radio, RadioGroup } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'

/** Automatic or manual (M-3); '' while nothing is chosen. */
export function ModeField(props: {
  readonly label: string
  readonly mode: 'Auto' | 'Manual' | ''
  readonly isDisabled?: boolean
  readonly choose: (mode: 'Auto' | 'Manual') => void
}) {
  const { t } = useTranslation('form')
  const { label, mode, isDisabled = false, choose } = props
  return (
    <Field label={label}>
      <RadioGroup value={mode} disabled={isDisabled} onChange={(_, { value }) => choose(value as 'Auto' | 'Manual')}>
        <Radio value="Auto" label={t('mode.auto')} />
        <Radio value="Manual" label={t('mode.manual')} />
      </RadioGroup>
    </Field>
  )
}

/** All domains at once (U-36), apart from the two modes. */
export function SimultaneousField(props: {
  readonly label: string
  readonly isSet: boolean
  readonly set: (isSet: boolean) => void
}) {
  return (
    <Checkbox label={props.label} checked={props.isSet} onChange={(_, { checked }) => props.set(checked === true)} />
  )
}
