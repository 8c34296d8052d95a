"""The review page: a web application on this machine where a person checks, corrects and approves plans."""
