import type { ReactNode } from 'react'
import { useApp, useAppState } from '../state/app'
import { commandOf } from '../state/command'
import { runCommand } from '../state/run-command'
import { Button, type ButtonProps } from './Button'
import { ariaKeys, keyName } from './keys'

export interface CommandButtonProps {
  /** Of the command. */
  readonly id: string
  readonly look?: NonNullable<ButtonProps['look']>
  /** Instead of the command's label. */
  readonly children?: ReactNode
  readonly className?: string
  /** True while what it acts on is not as it must be, which stands beside it. */
  readonly disabled?: boolean
  /** True for icons: screen readers get the command's label. */
  readonly iconOnly?: boolean
  /** Id of an open popover that it closes. */
  readonly popoverTarget?: string
}

/** A button for a command: it is enabled when the command is, and its title tells the key. */
export function CommandButton(props: CommandButtonProps) {
  const { id, look = 'plain', children, className = '', disabled = false, iconOnly = false, popoverTarget } = props
  const app = useApp()
  const command = commandOf(app, id)
  const enabled = useAppState((state) => command.enabled(state))
  const key = keyName(command)
  return (
    <Button
      look={look}
      className={className}
      disabled={disabled || !enabled}
      title={key ? `${command.label} (${key})` : command.label}
      aria-keyshortcuts={ariaKeys(command)}
      aria-label={iconOnly ? command.label : undefined}
      popoverTarget={popoverTarget}
      popoverTargetAction="hide"
      onClick={() => runCommand(app, command)}
    >
      {children ?? command.label}
    </Button>
  )
}
