; Offers Moescope in "Open with" for .safetensors files, without taking them from the program that opens them now.

!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\Moescope.safetensors" "" "Tensors"
  WriteRegStr SHELL_CONTEXT "Software\Classes\Moescope.safetensors\DefaultIcon" "" "$appExe,0"
  WriteRegStr SHELL_CONTEXT "Software\Classes\Moescope.safetensors\shell\open\command" "" '"$appExe" "%1"'
  WriteRegNone SHELL_CONTEXT "Software\Classes\.safetensors\OpenWithProgids" "Moescope.safetensors"
!macroend

!macro customUnInstall
  DeleteRegValue SHELL_CONTEXT "Software\Classes\.safetensors\OpenWithProgids" "Moescope.safetensors"
  DeleteRegKey SHELL_CONTEXT "Software\Classes\Moescope.safetensors"
!macroend
