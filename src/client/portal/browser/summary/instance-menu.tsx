import { Menu, MenuItem, MenuList, MenuPopover } from '@fluentui/react-components'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Slot } from '../../../service-management/answers.ts'
import type { Restart } from '../../../service-management/service-management.ts'
import { useManagement } from '../connection/connection.tsx'
import { Confirmation } from '../operations/confirmation.tsx'

/** Of which instance, and at which button. */
export interface OpenedMenu {
  readonly instance: string
  readonly button: HTMLElement
}

const restarts: readonly Restart[] = ['reboot', 'reimage', 'rebuild']

interface InstanceMenuProps {
  readonly service: string
  readonly slot: Slot
  readonly opened: OpenedMenu | undefined
  readonly onClose: () => void
}

/** The one menu for all instances of a list: a menu for each of a thousand would make the page slow. */
export function InstanceMenu({ service, slot, opened, onClose }: InstanceMenuProps) {
  const { t } = useTranslation('summary')
  const [asked, setAsked] = useState<{ readonly restart: Restart; readonly instance: string }>()
  return (
    <>
      <Menu
        open={opened !== undefined}
        positioning={{ target: opened?.button ?? null, position: 'below', align: 'end' }}
        onOpenChange={(_, { open }) => {
          if (open) return
          opened?.button.focus()
          onClose()
        }}
      >
        <MenuPopover>
          <MenuList>
            {restarts.map((restart) => (
              <MenuItem key={restart} onClick={() => opened && setAsked({ restart, instance: opened.instance })}>
                {`${t(`confirm.${restart}.button`)}…`}
              </MenuItem>
            ))}
          </MenuList>
        </MenuPopover>
      </Menu>
      {asked && <RestartConfirmation {...asked} service={service} slot={slot} onClose={() => setAsked(undefined)} />}
    </>
  )
}

function RestartConfirmation({
  restart,
  instance,
  service,
  slot,
  onClose,
}: {
  readonly restart: Restart
  readonly instance: string
  readonly service: string
  readonly slot: Slot
  readonly onClose: () => void
}) {
  const { t } = useTranslation('summary')
  const management = useManagement()
  return (
    <Confirmation
      title={t(`confirm.${restart}.title`, { instance })}
      button={t(`confirm.${restart}.button`)}
      request={{
        title: t(`request.${restart}`, { instance }),
        send: () => management.restartInstance(restart, service, slot, instance),
      }}
      onClose={onClose}
    >
      {t(`confirm.${restart}.text`)}
    </Confirmation>
  )
}
