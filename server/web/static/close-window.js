// Only a window that a script opened can be closed by one; any other stays and says that it may be closed.
window.close()
