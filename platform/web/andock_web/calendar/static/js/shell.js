// The shell's own modules, under one name.

export { getJson, postJson, tell, RequestError } from "/static/js/fetch.js";
export { openDialog } from "/static/js/dialog.js";
export { poll } from "/static/js/poll.js";
export { toast, toastWithUndo } from "/static/js/toast.js";
