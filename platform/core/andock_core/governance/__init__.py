"""What a company decides about integrations: who may add which, who asked, who connected what.

`rules` says what a member may, `deciding` changes it, `requests` is asking and answering, `consent`
compares what an integration asks for with what the member agreed to, `standing` stops and resumes
connections accordingly, `overview` and `repairs` are what admins see: states, never data.
"""
